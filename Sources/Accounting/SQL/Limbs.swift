/// An unsigned 128-bit number in three columns that a store can add up: bits 0…31, 32…63, 64…126.
///
/// Neither store sums 128-bit integers exactly. The lower limbs leave 31 bits for carries, so up to two thousand million rows can be added
/// before one of them must be written back; what is read may hold carries and is put together by `value`.
struct Limbs: Equatable, Sendable {
    var low: Int64
    var middle: Int64
    var high: Int64

    /// The largest number is 2^127 - 1, far beyond what all miners on earth hash in a million years; larger ones become it.
    init(_ value: UInt128) {
        let value = min(value, UInt128.max >> 1)
        low = Int64(value & 0xffff_ffff)
        middle = Int64(value >> 32 & 0xffff_ffff)
        high = Int64(value >> 64)
    }

    init(low: Int64, middle: Int64, high: Int64) {
        self.low = low
        self.middle = middle
        self.high = high
    }

    /// Nil when a limb is negative or the whole too large: no such row was written by a ledger.
    var value: UInt128? {
        guard low >= 0, middle >= 0, high >= 0 else { return nil }
        let (sum, carried) = (UInt128(high) << 64).addingReportingOverflow(UInt128(middle) << 32 + UInt128(low))
        return carried ? nil : sum
    }

    var values: [SQLValue] { [.integer(low), .integer(middle), .integer(high)] }
}

extension SQLRow {
    /// The number in this column and the two after it.
    func limbs(_ column: Int) throws(LedgerError) -> UInt128 {
        let limbs = Limbs(low: integer(column), middle: integer(column + 1), high: integer(column + 2))
        guard let value = limbs.value else { throw .store("a number in the store is out of range") }
        return value
    }
}
