import HTTP
import JSON
import Synchronization
import Testing

@testable import Pool

/// A member that is there counts, or the request is refused: it is never taken as absent.
@Suite("Members of a request's body")
struct RequestMemberTests {
    private static let body: JSONValue = [
        "text": "600", "whole": 600, "round": 600.0, "part": 0.5, "huge": 1e300, "flag": true, "null": .null, "list": [600], "object": [:],
    ]

    private func read(_ kind: String, _ name: String) throws(AdminFailure) -> JSONValue? {
        switch kind {
        case "text": try Self.body.optionalText(name).map { .string($0) }
        case "integer": try Self.body.optionalInteger(name).map { .integer($0) }
        case "number": try Self.body.optionalNumber(name).map { .real($0) }
        default: try Self.body.optionalFlag(name).map { .bool($0) }
        }
    }

    @Test(
        arguments: [
            ("text", ["text": "600"]), ("integer", ["whole": 600, "round": 600]),
            ("number", ["whole": 600.0, "round": 600.0, "part": 0.5, "huge": 1e300]),
            ("flag", ["flag": true]),
        ] as [(String, [String: JSONValue])]
    )
    func whatIsThereIsOfItsType(kind: String, usable: [String: JSONValue]) throws {
        #expect(try read(kind, "null") == nil)
        #expect(try read(kind, "absent") == nil)
        for name in ["text", "whole", "round", "part", "huge", "flag", "list", "object"] {
            if let value = usable[name] {
                #expect(try read(kind, name) == value, "\(name)")
            } else {
                let failure = #expect(throws: AdminFailure.self, "\(name)") { try read(kind, name) }
                #expect(failure?.httpStatus == 400 && failure?.text.contains(name) == true)
            }
        }
    }

    @Test(arguments: [
        ("ban", #"{"address":"192.0.2.1","seconds":"600"}"#), ("ban", #"{"address":"192.0.2.1","seconds":600.5}"#),
        ("ban", #"{"address":"192.0.2.1","seconds":true}"#), ("drain", #"{"seconds":"600"}"#), ("drain", #"{"seconds":[]}"#),
        ("drain", #"{"cancel":"true"}"#), ("drain", #"{"cancel":1}"#), ("drain", "[]"), ("drain", "600"), ("stop", #""stop""#),
        ("payouts/bump", #"{"payout":1,"feeRate":"5"}"#), ("upgrade", #"{"program":["/usr/bin/poold"]}"#),
    ])
    func theWrongTypeIsRefused(path: String, body: String) async throws {
        let source = FakeSource()
        let router = AdminRouter(source: source, access: AdminAccess(isTrusted: true, isPublic: true))
        let answer = await router.answer(HTTPRequest(method: .post, path: "/api/v1/" + path, body: Array(body.utf8)))
        #expect(answer.status == 400)
        #expect(source.state.withLock { $0.actions }.isEmpty)
    }

    @Test(arguments: [
        (#"{"seconds":600.0}"#, AdminAction.drain(seconds: 600)), (#"{"seconds":null,"cancel":false}"#, .drain(seconds: 60)),
        (#"{"cancel":true}"#, .drain(seconds: nil)), ("", .drain(seconds: 60)),
    ])
    func theRightOneCounts(body: String, action: AdminAction) async throws {
        let source = FakeSource()
        let router = AdminRouter(source: source, access: AdminAccess(isTrusted: true, isPublic: true))
        let answer = await router.answer(HTTPRequest(method: .post, path: "/api/v1/drain", body: Array(body.utf8)))
        #expect(answer.status == 200)
        #expect(source.state.withLock { $0.actions } == [action])
    }
}
