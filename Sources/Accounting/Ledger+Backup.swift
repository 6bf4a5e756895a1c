internal import Dispatch
internal import Glibc

extension Ledger {
    /// Copies the ledger into a new file while it is in use: every share and booking up to the moment the copy begins.
    ///
    /// The copy is a ledger of its own that needs no share log: what was acknowledged by then is folded first.
    /// - Parameters:
    ///   - path: of a file that does not exist; it is closed to other users.
    ///   - progress: bytes written and bytes expected, several times a second.
    public func backup(to path: String, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }) throws(LedgerError) {
        guard case .file = try settings.place() else { throw .store("a PostgreSQL database is backed up with pg_dump") }
        endSegment()
        try foldAll()
        let database = try store.connect()
        let total = try database.first("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size") { Int($0.integer(0)) } ?? 0
        _ = try File(creating: path, exclusively: true)
        // VACUUM INTO says nothing on its way: the growing file does.
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "ledger.backup"))
        timer.schedule(deadline: .now() + .milliseconds(200), repeating: .milliseconds(200))
        timer.setEventHandler { progress(Self.size(of: path), total) }
        timer.resume()
        defer { timer.cancel() }
        do throws(LedgerError) {
            try database.run("VACUUM INTO $1", [.text(path)])
            // SQLite leaves the copy to the system's own time.
            try File(creating: path, exclusively: false).sync()
            try Folder.sync(Folder.parent(of: path))
        } catch {
            unlink(path)
            throw error
        }
    }

    private static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}
