import Bitcoin

/// A header's version as the AuxPoW family reads it.
struct AuxiliaryVersion {
    let value: UInt32

    /// Bit 8: the block carries a proof.
    static let auxiliaryBit: UInt32 = 0x100

    init(_ value: UInt32) {
        self.value = value
    }

    var isAuxiliary: Bool { value & Self.auxiliaryBit != 0 }

    /// The high half, as the signed division of the chains' code gives it: it rounds towards zero.
    var chain: Int32 { Int32(bitPattern: value) / 0x1_0000 }

    /// Syscoin's field, zero without bit 8.
    var syscoinChain: UInt32 { isAuxiliary ? value >> 16 & 0x1f : 0 }

    /// Syscoin's older, wider field, zero without bit 8. Its id was 4096.
    var oldSyscoinChain: UInt32 { isAuxiliary ? value >> 16 & 0x1fff : 0 }

    static let oldSyscoinID: UInt32 = 4096
}
