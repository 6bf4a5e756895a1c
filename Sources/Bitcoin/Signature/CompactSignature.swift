internal import COpenSSL

/// An ECDSA signature over secp256k1 that says which key made it (SEC 1, section 4.1.6).
struct CompactSignature {
    /// 32 bytes, big-endian.
    var r: [UInt8]
    /// 32 bytes, big-endian.
    var s: [UInt8]
    /// Bit 0: the nonce point's y is odd. Bit 1: its x is r plus the group's order.
    var recovery: Int

    /// The public key, 33 bytes or 65; nil where no key could have signed the digest so.
    func recoverKey(of digest: [UInt8], isCompressed: Bool) -> [UInt8]? {
        guard let curve = EC_GROUP_new_by_curve_name(NID_secp256k1), let context = BN_CTX_new() else { return nil }
        defer {
            BN_CTX_free(context)
            EC_GROUP_free(curve)
        }
        guard let order = EC_GROUP_get0_order(curve), let nonce = EC_POINT_new(curve), let key = EC_POINT_new(curve) else { return nil }
        defer {
            EC_POINT_free(nonce)
            EC_POINT_free(key)
        }
        // Numbers of the context live until its frame ends.
        BN_CTX_start(context)
        defer { BN_CTX_end(context) }
        guard let x = BN_CTX_get(context), let inverse = BN_CTX_get(context), let first = BN_CTX_get(context), let second = BN_CTX_get(context),
            let rNumber = BN_CTX_get(context), let sNumber = BN_CTX_get(context), let hash = BN_CTX_get(context)
        else { return nil }
        BN_bin2bn(r, 32, rNumber)
        BN_bin2bn(s, 32, sNumber)
        BN_bin2bn(digest, 32, hash)
        let isInRange = { (number: OpaquePointer) in BN_is_zero(number) == 0 && BN_cmp(number, order) < 0 }
        guard isInRange(rNumber), isInRange(sNumber) else { return nil }
        // The point whose x is r, or r plus the order; there is none where x is beyond the field.
        guard BN_copy(x, rNumber) != nil, recovery < 2 || BN_add(x, x, order) == 1,
            EC_POINT_set_compressed_coordinates(curve, nonce, x, Int32(recovery & 1), context) == 1
        else { return nil }
        // key = (s · nonce − hash · generator) / r
        guard BN_mod_inverse(inverse, rNumber, order, context) != nil, BN_mod_mul(second, sNumber, inverse, order, context) == 1,
            BN_mod_mul(first, hash, inverse, order, context) == 1, BN_mod_sub(first, order, first, order, context) == 1,
            EC_POINT_mul(curve, key, first, nonce, second, context) == 1, EC_POINT_is_at_infinity(curve, key) == 0
        else { return nil }
        let form = isCompressed ? POINT_CONVERSION_COMPRESSED : POINT_CONVERSION_UNCOMPRESSED
        var bytes = [UInt8](repeating: 0, count: isCompressed ? 33 : 65)
        return EC_POINT_point2oct(curve, key, form, &bytes, bytes.count, context) == bytes.count ? bytes : nil
    }
}

/// What stands for a public key in an address.
enum PublicKeyHash {
    /// RIPEMD-160 of SHA-256.
    static func hash160(_ bytes: [UInt8]) -> [UInt8] {
        var inner = [UInt8](repeating: 0, count: 32)
        var outer = [UInt8](repeating: 0, count: 20)
        SHA256(bytes, bytes.count, &inner)
        RIPEMD160(inner, inner.count, &outer)
        return outer
    }
}
