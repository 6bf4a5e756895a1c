/// What became of a worker's shares in one window: of the accepted, or of those refused for one reason.
public struct ArchivedWindow: Hashable, Sendable {
    /// Unix seconds.
    public var start: Int64
    /// Seconds.
    public var span: Int64
    /// The pool that counted.
    public var instance: Int
    public var account: String
    public var worker: String
    /// 0 for accepted shares.
    public var reason: Int
    public var count: UInt64
    /// Expected hashes of the accepted.
    public var weight: UInt128

    /// Of what is refused for a reason that has no number.
    public static let unknownReason = -1

    /// One line of text: `start,span,instance,reason,count,weight,"account","worker"`, names as JSON has strings.
    var line: String {
        "\(start),\(span),\(instance),\(reason),\(count),\(weight),\(Self.quote(account)),\(Self.quote(worker))\n"
    }

    /// Nil for a line that is none.
    init?(line: Substring) {
        let parts = line.split(separator: ",", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count == 7, let start = Int64(parts[0]), let span = Int64(parts[1]), let instance = Int(parts[2]), let reason = Int(parts[3]),
            let count = UInt64(parts[4]), let weight = UInt128(parts[5])
        else { return nil }
        var rest = parts[6]
        guard let account = Self.unquote(&rest), rest.popFirst() == ",", let worker = Self.unquote(&rest), rest.isEmpty else { return nil }
        self.init(start: start, span: span, instance: instance, account: account, worker: worker, reason: reason, count: count, weight: weight)
    }

    public init(start: Int64, span: Int64, instance: Int, account: String, worker: String, reason: Int, count: UInt64, weight: UInt128) {
        self.start = start
        self.span = span
        self.instance = instance
        self.account = account
        self.worker = worker
        self.reason = reason
        self.count = count
        self.weight = weight
    }

    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                quoted.append("\\")
                quoted.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func unquote(_ rest: inout Substring) -> String? {
        var scalars = rest.unicodeScalars
        guard scalars.popFirst() == "\"" else { return nil }
        var text = String.UnicodeScalarView()
        while let scalar = scalars.popFirst() {
            if scalar == "\"" {
                rest = Substring(scalars)
                return String(text)
            }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            guard let escaped = scalars.popFirst() else { return nil }
            if escaped == "u" {
                guard let value = UInt32(String(String.UnicodeScalarView(scalars.prefix(4))), radix: 16), let scalar = Unicode.Scalar(value) else {
                    return nil
                }
                text.append(scalar)
                scalars = scalars.dropFirst(4)
            } else {
                text.append(escaped)
            }
        }
        return nil
    }
}
