/// The opcodes that standard outputs and coinbases are made of.
public enum Opcode {
    public static let zero: UInt8 = 0x00
    public static let pushData1: UInt8 = 0x4c
    public static let pushData2: UInt8 = 0x4d
    public static let pushData4: UInt8 = 0x4e
    public static let negativeOne: UInt8 = 0x4f
    public static let one: UInt8 = 0x51
    public static let sixteen: UInt8 = 0x60
    public static let `return`: UInt8 = 0x6a
    public static let duplicate: UInt8 = 0x76
    public static let equal: UInt8 = 0x87
    public static let equalVerify: UInt8 = 0x88
    public static let hash160: UInt8 = 0xa9
    public static let checkSignature: UInt8 = 0xac
    public static let checkSignatureVerify: UInt8 = 0xad
    public static let checkMultisignature: UInt8 = 0xae
    public static let checkMultisignatureVerify: UInt8 = 0xaf
}
