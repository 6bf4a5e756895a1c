import Foundation

/// A PostgreSQL server of the tests' own, on a Unix socket in a temporary folder, gone with the process.
///
/// It takes the newest of Debian's, and runs as a user without rights where the tests run as root: `initdb` refuses to be root.
public final class LocalPostgreSQL: Sendable {
    /// The one that all tests of a process share; nil where none is installed.
    public static let shared: LocalPostgreSQL? = isInstalled ? try? LocalPostgreSQL() : nil

    /// What tests say that are skipped.
    public static let whatIsMissing = "PostgreSQL's server is not installed here: apt-get install postgresql-15"

    public static var isInstalled: Bool { programs != nil }

    private struct Failure: Error {
        let text: String
    }

    private static let programs: String? = {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap { Int($0) }.sorted().reversed().map { "\(root)/\($0)/bin" }
            .first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }()

    /// Initialises, serves, and cleans up when nobody holds its standard input any more.
    private static let script = """
        folder=$1 programs=$2
        "$programs/initdb" -D "$folder/data" -U pool -A trust -E UTF8 --locale=C --no-sync > "$folder/log" 2>&1 || exit 1
        while [ ! -e "$folder/over" ]; do
            "$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=200 >> "$folder/log" 2>&1
            sleep 0.1
        done &
        cat > /dev/null
        touch "$folder/over"
        kill -INT $(head -n 1 "$folder/data/postmaster.pid")
        wait
        rm -rf "$folder"
        """

    /// Holds the socket.
    public let folder: String
    /// The server follows this pipe's end.
    private let lifeline: Pipe
    private let process: Process

    public init() throws {
        guard let programs = Self.programs else { throw Failure(text: Self.whatIsMissing) }
        folder = FileManager.default.temporaryDirectory.path + "/motherlode-postgresql-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        process = Process()
        lifeline = Pipe()
        process.standardInput = lifeline
        let shell = ["/bin/sh", "-c", Self.script, "sh", folder, programs]
        if geteuid() == 0 {
            let users: [String] = ["postgres", "nobody"]
            let user = users.first { getpwnam($0) != nil } ?? "nobody"
            guard let entry = getpwnam(user) else { throw Failure(text: "there is no user \(user)") }
            chown(folder, entry.pointee.pw_uid, entry.pointee.pw_gid)
            process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
            process.arguments = ["--reuid=\(user)", "--regid=\(entry.pointee.pw_gid)", "--clear-groups"] + shell
        } else {
            process.executableURL = URL(fileURLWithPath: shell[0])
            process.arguments = Array(shell.dropFirst())
        }
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        try process.run()
        let deadline = Date(timeIntervalSinceNow: 60)
        while !isReady {
            guard process.isRunning, Date() < deadline else {
                throw Failure(text: "PostgreSQL did not start: " + ((try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? ""))
            }
            usleep(20_000)
        }
    }

    /// An empty database of its own, as the setting `accounting.store` names it.
    public func makeDatabase() throws -> String {
        let name = "t" + UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
        try run("psql", ["-q", "-c", "CREATE DATABASE \(name)"] + connection("postgres"))
        return url(name)
    }

    public func url(_ database: String) -> String { "postgresql:///\(database)?host=\(folder)&user=pool" }

    /// Runs a statement as the server's owner.
    @discardableResult
    public func execute(_ statement: String, database: String = "postgres") throws -> String {
        try run("psql", ["-q", "-A", "-t", "-c", statement] + connection(database))
    }

    /// Ends the server at once, as when it crashes; it starts again by itself and recovers what was committed.
    public func crash() throws {
        let text = try String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8)
        guard let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }) else { throw Failure(text: "the server has no process") }
        kill(pid, SIGQUIT)
    }

    private func connection(_ database: String) -> [String] { ["-h", folder, "-U", "pool", "-d", database] }

    private var isReady: Bool { (try? run("psql", ["-q", "-c", "SELECT 1"] + connection("postgres"))) != nil }

    @discardableResult
    private func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: (Self.programs ?? "") + "/" + program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: text) }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Ends it, as a server that is restarted or lost; a later one does not find its data again.
    public func stop() {
        try? lifeline.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
