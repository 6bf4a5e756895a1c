import JSON

/// The lines that the pool sends, as bytes with their line feed.
///
/// Answers always carry `id`, `result` and `error`: NiceHash asks for `"error":null`, ESP-Miner breaks on a missing key, cpuminer needs `result`.
enum Reply {
    /// `result` is JSON text.
    static func success(_ id: RequestID, result: String = "true") -> [UInt8] {
        success(id, result: Array(result.utf8))
    }

    static func success(_ id: RequestID, result: [UInt8]) -> [UInt8] {
        var line = Array(#"{"id":"#.utf8)
        line.append(contentsOf: id.text)
        line.append(contentsOf: #","result":"#.utf8)
        line.append(contentsOf: result)
        line.append(contentsOf: #","error":null}"#.utf8)
        line.append(0x0a)
        return line
    }

    static func refusal(_ id: RequestID, _ reason: RejectReason) -> [UInt8] {
        refusal(id, code: reason.code, text: reason.label)
    }

    /// An error that is no verdict on a share.
    static func refusal(_ id: RequestID, code: Int = 20, text: String) -> [UInt8] {
        var line = Array(#"{"id":"#.utf8)
        line.append(contentsOf: id.text)
        line.append(contentsOf: #","result":null,"error":[\#(code),"#.utf8)
        line.append(contentsOf: JSONValue.string(text).serialized())
        line.append(contentsOf: ",null]}\n".utf8)
        return line
    }

    /// A message of ours; `params` is JSON text.
    static func notification(_ method: String, params: String, id: String = "null") -> [UInt8] {
        Array("{\"id\":\(id),\"method\":\"\(method)\",\"params\":[\(params)]}\n".utf8)
    }

    static func setDifficulty(_ difficulty: ShareDifficulty) -> [UInt8] {
        notification("mining.set_difficulty", params: difficulty.text)
    }

    static func setVersionMask(_ mask: UInt32) -> [UInt8] {
        notification("mining.set_version_mask", params: "\"\(HexField.text(mask))\"")
    }

    static func showMessage(_ text: String) -> [UInt8] {
        notification("client.show_message", params: JSONValue.string(text).text())
    }

    /// Connect again, to the same address.
    static let reconnect = notification("client.reconnect", params: "")

    /// cgminer follows only within the same domain; ESP-Miner ignores the host and connects again.
    static func reconnect(host: String, port: UInt16, after seconds: Int) -> [UInt8] {
        notification("client.reconnect", params: "\(JSONValue.string(host).text()),\(port),\(max(0, seconds))")
    }
}

extension HexField {
    /// Eight digits, padded with zeros.
    static func text(_ value: UInt32) -> String { text(UInt64(value), digits: 8) }

    static func text(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
