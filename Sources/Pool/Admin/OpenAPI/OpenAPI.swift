internal import JSON

/// The description of `/api/v1` (OpenAPI 3.1), made of one table of paths and one of answers.
enum OpenAPI {
    static let root = "/api/v1"
    static let path = root + "/openapi.json"

    static let document: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "Motherlode", "version": .string(Motherlode.version),
            "description": "Counts are since the ledger began, times Unix seconds, hashes display order, amounts in a chain's smallest unit.",
        ],
        "servers": [["url": .string(root)]],
        "paths": object(operations.map { ($0.path, [$0.method.rawValue: description(of: $0)]) }),
        "components": [
            "schemas": object(schemas.map { ($0.name, $0.json) }),
            "securitySchemes": ["token": ["type": "http", "scheme": "bearer", "description": "the token of admin.tokenFile"]],
        ],
    ]

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue { .object(JSONObject(members)) }

    private static func description(of operation: APIOperation) -> JSONValue {
        let (contentType, schema) = operation.answer.content
        var value: JSONObject = [
            "summary": .string(operation.summary),
            "responses": [
                "200": ["description": "done", "content": object([(contentType, ["schema": schema])])],
                "default": ["description": "refused", "content": ["application/json": ["schema": APISchema.reference("Failure")]]],
            ],
        ]
        let isPost = operation.method == .post
        if AdminRouter.route(root + operation.path)?.isGuarded ?? isPost { value["security"] = [["token": []]] }
        if isPost, !operation.parameters.isEmpty {
            let body: JSONValue = [
                "type": "object",
                "properties": object(operation.parameters.map { ($0.name, ["type": .string($0.type), "description": .string($0.summary)]) }),
                "required": .array(operation.parameters.filter(\.isRequired).map { .string($0.name) }),
            ]
            value["requestBody"] = ["required": true, "content": ["application/json": ["schema": body]]]
        } else if !operation.parameters.isEmpty {
            value["parameters"] = .array(
                operation.parameters.map {
                    [
                        "name": .string($0.name), "in": "query", "required": .bool($0.isRequired), "description": .string($0.summary),
                        "schema": ["type": .string($0.type)],
                    ]
                }
            )
        }
        return .object(value)
    }
}

extension APIOperation.Answer {
    fileprivate var content: (type: String, schema: JSONValue) {
        switch self {
        case .one(let name): ("application/json", APISchema.reference(name))
        case .list(let name): ("application/json", ["type": "array", "items": APISchema.reference(name)])
        case .object: ("application/json", ["type": "object"])
        case .events: ("text/event-stream", ["type": "string"])
        }
    }
}

extension APISchema {
    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/" + name)] }

    /// Names and types in their order.
    var fields: [(name: String, type: String)] {
        members.split(whereSeparator: \.isWhitespace).map { word in
            let parts = word.split(separator: ":", maxSplits: 1).map(String.init)
            return (parts[0], parts.count > 1 ? parts[1] : "string")
        }
    }

    var json: JSONValue {
        [
            "type": "object",
            "properties": .object(JSONObject(fields.map { ($0.name, Self.type($0.type)) })),
            "required": .array(fields.map { .string($0.name) }),
        ]
    }

    private static func type(_ text: String) -> JSONValue {
        if text.hasSuffix("?") { return ["anyOf": [type(String(text.dropLast())), ["type": "null"]]] }
        if text.hasPrefix("[") { return ["type": "array", "items": type(String(text.dropFirst().dropLast()))] }
        return switch text {
        case "units": ["type": ["integer", "string"]]
        case "map": ["type": "object"]
        case "string", "integer", "number", "boolean": ["type": .string(text)]
        default: reference(text)
        }
    }
}
