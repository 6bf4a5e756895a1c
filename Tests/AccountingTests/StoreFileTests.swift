import Foundation
import Testing

@testable import Accounting

@Suite("A store that is no ledger is refused and left alone")
struct StoreFileTests {
    private func ledgerFile() throws -> DataFolder {
        let folder = try DataFolder()
        let ledger = try Ledger(folder.settings())
        for number in 0..<500 {
            try ledger.append([.accepted(try #require(ledger.workers.handle(account: "a\(number)", worker: "")), weight: 1)])
        }
        try ledger.close()
        return folder
    }

    private func expectRefusal(of folder: DataFolder, label: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.file("pool.db")))
        let error = #expect(throws: LedgerError.self, sourceLocation: sourceLocation) { try Ledger(folder.settings()) }
        #expect(error?.label == label, sourceLocation: sourceLocation)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("pool.db"))) == before, sourceLocation: sourceLocation)
    }

    @Test func foreignFiles() throws {
        let text = try DataFolder()
        try Data(repeating: 0x41, count: 5000).write(to: URL(fileURLWithPath: text.file("pool.db")))
        try expectRefusal(of: text, label: "foreign")
        #expect(try FileManager.default.contentsOfDirectory(atPath: text.path) == ["pool.db"])

        let other = try DataFolder()
        try SQLite(path: other.file("pool.db"), access: .create).execute("CREATE TABLE t (a); PRAGMA user_version = 1")
        try expectRefusal(of: other, label: "foreign")
    }

    @Test func newerSchema() throws {
        let folder = try ledgerFile()
        try SQLite(path: folder.file("pool.db"), access: .write).execute("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)")
        try expectRefusal(of: folder, label: "newer")
    }

    @Test(arguments: [100, 8_192, 30_000]) func damagedPages(offset: Int) throws {
        let folder = try ledgerFile()
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.file("pool.db")))
        try handle.seek(toOffset: UInt64(offset))
        try handle.write(contentsOf: Data(repeating: 0xa5, count: 4_000))
        try handle.close()
        try expectRefusal(of: folder, label: "corrupt")
    }

    @Test func truncatedFile() throws {
        let folder = try ledgerFile()
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.file("pool.db")))
        try handle.truncate(atOffset: 20_000)
        try handle.close()
        try expectRefusal(of: folder, label: "corrupt")
    }

    @Test func unknownStoreAndMissingFolder() throws {
        let folder = try DataFolder()
        #expect(throws: LedgerError.unknownStore("mysql:x")) { try Ledger(folder.settings { $0.store = "mysql:x" }) }
        #expect(throws: LedgerError.self) { try Ledger(folder.settings { $0.store = "sqlite:none/pool.db" }) }
    }

    @Test func anOlderSchemaIsCopiedThenBroughtForward() throws {
        let folder = try DataFolder()
        let path = folder.file("pool.db")
        let first = Schema(versions: [.init(number: 1) { _ in "CREATE TABLE t (a INTEGER); INSERT INTO t VALUES (7)" }])
        let later = Schema(versions: first.versions + [.init(number: 2) { _ in "ALTER TABLE t ADD COLUMN b INTEGER DEFAULT 8" }])
        _ = try SQLiteFile(path: path, schema: first).open()
        let (_, reader) = try SQLiteFile(path: path, schema: later).open()
        #expect(try reader.first("SELECT a + b FROM t", []) { $0.integer(0) } == 15)
        // The head of the file is brought along: it is what an older program looks at.
        let copy = try SQLite(path: path + ".v1.backup", access: .read)
        #expect(try copy.first("SELECT a FROM t", []) { $0.integer(0) } == 7)
        #expect(throws: LedgerError.newer(path: path, version: 2, known: 1)) { try SQLiteFile(path: path, schema: first).open() }
    }

    @Test func aFailedMigrationChangesNothing() throws {
        let folder = try DataFolder()
        let path = folder.file("pool.db")
        let first = Schema(versions: [.init(number: 1) { _ in "CREATE TABLE t (a INTEGER)" }])
        let broken = Schema(versions: first.versions + [.init(number: 2) { _ in "CREATE TABLE u (a INTEGER); NONSENSE" }])
        _ = try SQLiteFile(path: path, schema: first).open()
        #expect(throws: LedgerError.self) { try SQLiteFile(path: path, schema: broken).open() }
        let (_, reader) = try SQLiteFile(path: path, schema: first).open()
        #expect(try reader.first("SELECT count(*) FROM sqlite_schema", []) { $0.integer(0) } == 1)
    }
}
