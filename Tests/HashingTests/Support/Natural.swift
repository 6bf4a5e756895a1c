/// A natural number of any size, schoolbook fashion: the oracle for exact arithmetic.
struct Natural: Comparable {
    /// Base 2^32, the least significant first, no leading zeros.
    private var digits: [UInt32]

    init(_ value: some UnsignedInteger & FixedWidthInteger) {
        digits = stride(from: 0, to: value.bitWidth, by: 32).map { UInt32(truncatingIfNeeded: value >> $0) }
        trim()
    }

    static func * (left: Natural, right: Natural) -> Natural {
        var product = Natural(0 as UInt32)
        product.digits = Array(repeating: 0, count: left.digits.count + right.digits.count)
        for (i, a) in left.digits.enumerated() {
            var carry: UInt64 = 0
            for (j, b) in right.digits.enumerated() {
                carry += UInt64(a) * UInt64(b) + UInt64(product.digits[i + j])
                product.digits[i + j] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            product.digits[i + right.digits.count] = UInt32(carry)
        }
        product.trim()
        return product
    }

    static func + (left: Natural, right: Natural) -> Natural {
        var sum = left
        sum.digits += Array(repeating: 0, count: max(0, right.digits.count - left.digits.count) + 1)
        var carry: UInt64 = 0
        for index in sum.digits.indices {
            carry += UInt64(sum.digits[index]) + (index < right.digits.count ? UInt64(right.digits[index]) : 0)
            sum.digits[index] = UInt32(truncatingIfNeeded: carry)
            carry >>= 32
        }
        sum.trim()
        return sum
    }

    static func << (value: Natural, count: Int) -> Natural {
        var shifted = value * Natural(UInt32(1) << UInt32(count % 32))
        shifted.digits.insert(contentsOf: repeatElement(0, count: count / 32), at: 0)
        shifted.trim()
        return shifted
    }

    static func < (left: Natural, right: Natural) -> Bool {
        if left.digits.count != right.digits.count { return left.digits.count < right.digits.count }
        return left.digits.reversed().lexicographicallyPrecedes(right.digits.reversed())
    }

    private mutating func trim() {
        while digits.last == 0 { digits.removeLast() }
    }
}
