/// A value on its way into a statement.
enum SQLValue: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])

    init(_ text: String?) {
        self = text.map { .text($0) } ?? .null
    }

    init(_ integer: Int64?) {
        self = integer.map { .integer($0) } ?? .null
    }
}

extension SQLValue: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(stringLiteral value: String) { self = .text(value) }
}

/// A row of a result; columns count from 0. Valid only while it is shown.
protocol SQLRow {
    func isNull(_ column: Int) -> Bool
    func integer(_ column: Int) -> Int64
    func real(_ column: Int) -> Double
    func text(_ column: Int) -> String
    func blob(_ column: Int) -> [UInt8]
}

extension SQLRow {
    func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalText(_ column: Int) -> String? { isNull(column) ? nil : text(column) }
}

/// One connection to a store, used by one thread at a time.
///
/// Statements are written once for all stores: parameters are `$1`, `$2` … in the order of their first appearance, and only what SQLite 3.35
/// and PostgreSQL 15 both understand is used. Where table definitions must differ, `dialect` has the words.
protocol Database: AnyObject, Sendable {
    var dialect: SQLDialect { get }

    /// Runs statements without parameters or results.
    func execute(_ script: String) throws(LedgerError)

    /// Runs a statement and says how many rows it changed.
    @discardableResult
    func run(_ statement: String, _ values: [SQLValue]) throws(LedgerError) -> Int

    /// Runs a statement `count` times.
    func runEach(_ statement: String, count: Int, _ values: (Int) -> [SQLValue]) throws(LedgerError)

    func query(_ statement: String, _ values: [SQLValue], _ row: (any SQLRow) throws(LedgerError) -> Void) throws(LedgerError)

    /// Gives what is read from now on so much time in all, or where a server keeps the time, so much a statement; beyond, it fails with
    /// ``LedgerError/tooLong(milliseconds:)``. Nil gives it all the time it takes.
    func limit(to patience: Duration?)

    /// Brings what is committed to its last place, where a store has two.
    func settle() throws(LedgerError)
}

extension Database {
    /// Runs `body` in a transaction, which is undone when it throws.
    func transaction<Result>(_ body: () throws(LedgerError) -> Result) throws(LedgerError) -> Result {
        try execute(dialect.begin)
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A store that failed may have undone the transaction already; then this fails, and says nothing new.
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// The first row's result; nil when there is none.
    func first<Result>(
        _ statement: String,
        _ values: [SQLValue] = [],
        _ row: (any SQLRow) throws(LedgerError) -> Result
    ) throws(LedgerError) -> Result? {
        var result: Result?
        try query(statement, values) { found throws(LedgerError) in
            if result == nil { result = try row(found) }
        }
        return result
    }

    func all<Result>(
        _ statement: String,
        _ values: [SQLValue] = [],
        _ row: (any SQLRow) throws(LedgerError) -> Result
    ) throws(LedgerError) -> [Result] {
        var results: [Result] = []
        try query(statement, values) { found throws(LedgerError) in results.append(try row(found)) }
        return results
    }
}

/// The words in which stores differ.
struct SQLDialect: Sendable {
    /// The type of 64-bit integers.
    var integer: String
    /// A key that the store numbers itself.
    var identity: String
    var real: String
    var blob: String
    /// What follows a table whose rows lie in the order of its primary key.
    var clustered: String
    /// What follows any other table.
    var table: String
    /// Begins a transaction that writes.
    var begin: String
    /// Begins a transaction that sees one state of the store throughout.
    var beginSnapshot: String
}

extension Duration {
    var milliseconds: Int { Int(self / .milliseconds(1)) }
}
