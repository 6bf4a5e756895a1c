/// A running pool's state on its way to the process that goes on with it.
///
/// Each value says once, in one function, what of it travels and in which order; the stream's direction decides whether that writes or reads.
/// So the two sides cannot drift apart within one version, and versions whose forms differ refuse each other by ``version``.
public struct HandoverStream: Sendable {
    /// Grows with every change of what travels.
    public static let version: UInt32 = 3

    /// Of plain bytes, numbers little-endian.
    public private(set) var bytes: [UInt8]
    /// What cannot be copied: open sockets, which the stream's bytes name by their places here.
    public private(set) var sockets: [Int32]
    public let isReading: Bool
    private var position = 0

    /// Writes.
    public init() {
        (bytes, sockets, isReading) = ([], [], false)
    }

    /// Reads what another stream has written.
    public init(reading bytes: [UInt8], sockets: [Int32]) {
        (self.bytes, self.sockets, isReading) = (bytes, sockets, true)
    }

    /// What was written does not make sense: another version's, or cut short.
    public enum Failure: Error, Hashable, Sendable {
        case ended
        case unreadable(String)
    }

    // MARK: Plain values

    public mutating func pass<Number: FixedWidthInteger & BitwiseCopyable>(_ value: inout Number) throws(Failure) {
        guard isReading else { return withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) } }
        let start = try advance(by: MemoryLayout<Number>.size)
        value = Number(littleEndian: bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: Number.self) })
    }

    public mutating func pass(_ value: inout Bool) throws(Failure) {
        var byte: UInt8 = value ? 1 : 0
        try pass(&byte)
        value = byte != 0
    }

    public mutating func pass(_ value: inout Double) throws(Failure) {
        var pattern = value.bitPattern
        try pass(&pattern)
        value = Double(bitPattern: pattern)
    }

    public mutating func pass(_ value: inout [UInt8]) throws(Failure) {
        var count = UInt64(value.count)
        try pass(&count)
        guard isReading else { return bytes.append(contentsOf: value) }
        let start = try advance(by: Int(clamping: count))
        value = Array(bytes[start..<position])
    }

    public mutating func pass(_ value: inout String) throws(Failure) {
        var text = Array(value.utf8)
        try pass(&text)
        value = String(decoding: text, as: UTF8.self)
    }

    /// An open socket, which the reader owns from then on; none is -1.
    public mutating func pass(socket: inout Int32) throws(Failure) {
        var place: Int32 = socket < 0 ? -1 : Int32(truncatingIfNeeded: sockets.count)
        try pass(&place)
        guard isReading else {
            if place >= 0 { sockets.append(socket) }
            return
        }
        guard place < sockets.count else { throw .unreadable("socket \(place) of \(sockets.count)") }
        socket = place < 0 ? -1 : sockets[Int(place)]
    }

    // MARK: Compounds

    /// - Parameter blank: what an element is read into.
    public mutating func pass<Element>(
        _ values: inout [Element],
        blank: @autoclosure () -> Element,
        _ body: (inout HandoverStream, inout Element) throws(Failure) -> Void
    ) throws(Failure) {
        var count = UInt32(truncatingIfNeeded: values.count)
        try pass(&count)
        if isReading { values = [] }
        for index in 0..<Int(count) {
            var element = isReading ? blank() : values[index]
            try body(&self, &element)
            if isReading { values.append(element) }
        }
    }

    public mutating func pass<Wrapped>(
        _ value: inout Wrapped?,
        blank: @autoclosure () -> Wrapped,
        _ body: (inout HandoverStream, inout Wrapped) throws(Failure) -> Void
    ) throws(Failure) {
        var isThere = value != nil
        try pass(&isThere)
        guard isThere else { return value = nil }
        var wrapped = value ?? blank()
        try body(&self, &wrapped)
        value = wrapped
    }

    /// A value that reads from a plain form, such as a number or a text; the form that does not read is an error.
    public mutating func pass<Value, Form>(
        _ value: inout Value,
        as form: Form,
        _ read: (Form) -> Value?,
        _ body: (inout HandoverStream, inout Form) throws(Failure) -> Void
    ) throws(Failure) {
        var form = form
        try body(&self, &form)
        guard isReading else { return }
        guard let known = read(form) else { throw .unreadable("\(Value.self) \(form)") }
        value = known
    }

    /// Appends what another stream has gathered, so that parts can be written side by side.
    public mutating func pass(_ part: inout HandoverStream) throws(Failure) {
        try pass(&part.bytes)
        var held = part.sockets
        try pass(&held, blank: -1) { stream, socket throws(Failure) in try stream.pass(socket: &socket) }
        if isReading { part = HandoverStream(reading: part.bytes, sockets: held) }
    }

    private mutating func advance(by count: Int) throws(Failure) -> Int {
        guard count >= 0, bytes.count - position >= count else { throw .ended }
        defer { position += count }
        return position
    }
}

extension HandoverStream.Failure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .ended: "what was handed over is cut short"
        case .unreadable(let what): "what was handed over does not make sense: \(what)"
        }
    }
}
