internal import CZstandard

/// The lines of one zstd frame, unpacked piece by piece: a frame of a few bytes can stand for a gigabyte.
struct FrameText {
    /// More than two names and six numbers, every character escaped.
    private static let longestLine = 4_096
    /// What a frame may ask to be remembered of its text, as a power of two: 16 MiB, more than any that is written here wants.
    private static let windowLog: Int32 = 24

    private let frame: [UInt8]
    private let path: String

    /// - Parameter path: what errors call the file.
    init(_ frame: [UInt8], _ path: String) {
        self.frame = frame
        self.path = path
    }

    /// Calls `body` for every line that is not empty.
    func lines(_ body: (Substring) throws(LedgerError) -> Void) throws(LedgerError) {
        guard let context = ZSTD_createDCtx() else { throw .file(path: path, detail: "no memory to unpack it") }
        defer { ZSTD_freeDCtx(context) }
        ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog)
        var piece = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        var source = 0
        var begun: [UInt8] = []
        var isWhole = false
        while !isWhole {
            let before = source
            guard let (written, left) = step(context, from: &source, into: &piece), left == 0 || written > 0 || source > before else {
                throw .corrupt(path: path, detail: "a frame that cannot be unpacked")
            }
            isWhole = left == 0
            begun += piece[..<written]
            var start = begun.startIndex
            while let end = begun[start...].firstIndex(of: 0x0a) {
                if end > start { try body(Substring(decoding: begun[start..<end], as: UTF8.self)) }
                start = end + 1
            }
            begun.removeSubrange(..<start)
            guard begun.count <= Self.longestLine else { throw .corrupt(path: path, detail: "a line that is no window") }
        }
        if !begun.isEmpty { try body(Substring(decoding: begun, as: UTF8.self)) }
    }

    /// Unpacks the next piece. Nil for what is no frame; nothing is left once the frame is whole.
    private func step(_ context: OpaquePointer, from source: inout Int, into piece: inout [UInt8]) -> (written: Int, left: Int)? {
        frame.withUnsafeBytes { frame in
            piece.withUnsafeMutableBytes { piece in
                var input = ZSTD_inBuffer(src: frame.baseAddress, size: frame.count, pos: source)
                var output = ZSTD_outBuffer(dst: piece.baseAddress, size: piece.count, pos: 0)
                let left = ZSTD_decompressStream(context, &output, &input)
                source = input.pos
                return ZSTD_isError(left) != 0 ? nil : (output.pos, left)
            }
        }
    }
}
