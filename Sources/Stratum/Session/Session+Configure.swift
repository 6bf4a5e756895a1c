import JSON

/// `mining.configure` (BIP310): each extension asked for is answered, unknown ones with false.
extension Session {
    /// Nobody asks for more; a longer list is cut.
    private static let extensionLimit = 16

    mutating func configure(_ request: Message.Request, at now: Int64) -> [SessionAction] {
        let wishes = request[1] ?? .null
        var result = JSONObject()
        var changed = false
        for name in (request[0]?.array ?? []).prefix(Self.extensionLimit).compactMap(\.string) where name.utf8.count <= 64 {
            switch name {
            case "version-rolling":
                // The minimum bit count is advice only, and arrives malformed from some firmware: it is not looked at.
                let asked = wishes["version-rolling.mask"]?.string.flatMap { UInt32($0, radix: 16) } ?? .max
                let mask = asked & settings.versionMask
                result[name] = .bool(mask != 0)
                if mask != 0 {
                    result["version-rolling.mask"] = .string(HexField.text(mask))
                    negotiate(versionMask: mask)
                }
            case "minimum-difficulty":
                let wish = wishes["minimum-difficulty.value"].flatMap(Self.number(in:))
                let outcome = wish.map { difficulty.require(minimum: $0, at: now) }
                result[name] = .bool(outcome?.granted ?? false)
                changed = changed || (outcome?.change ?? .none) != .none
            case "subscribe-extranonce": result[name] = true
            case "info":
                if let software = wishes["info.sw-version"]?.string { takeAgent(software) }
                result[name] = true
            default: result[name] = false
            }
        }
        return [.send(Reply.success(request.id, result: JSONValue.object(result).serialized()))] + (changed ? [.resend] : [])
    }
}
