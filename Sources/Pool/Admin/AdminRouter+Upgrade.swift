internal import JSON

extension AdminRouter {
    static func upgradeRoute(_ path: String) -> AdminRoute? {
        switch path {
        case "/api/v1/upgrade":
            .act { source, body throws(AdminFailure) in
                let program = try body.optionalText("program")
                if let program, !program.hasPrefix("/") || program.utf8.contains(0) { throw .unusable("program must be an absolute path") }
                return try await source.upgrade(to: program).json
            }
        default: nil
        }
    }
}

extension UpgradeReport {
    var json: JSONValue {
        [
            "process": JSONValue(process), "connections": JSONValue(connections), "secured": JSONValue(secured), "pauseMs": JSONValue(pause),
        ]
    }
}
