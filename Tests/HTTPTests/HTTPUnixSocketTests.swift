import Foundation
import HTTP
import Testing

@Suite(.timeLimit(.minutes(1)))
struct HTTPUnixSocketTests {
    /// A folder of its own for a test.
    static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder = NSTemporaryDirectory() + "motherlode-http-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder + "/pool.sock")
    }

    static func mode(_ path: String) -> Int? {
        (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? Int
    }

    @Test(arguments: [0o600, 0o660] as [UInt32])
    func servesWithItsMode(mode: UInt32) async throws {
        try await Self.withFolder { path in
            let server = try echoServer(.unix(path: path, mode: mode))
            #expect(server.boundPort == nil)
            #expect(Self.mode(path) == Int(mode))
            var request = HTTPClientRequest(url: "http://pool/x", method: .post, body: [7])
            request.unixSocketPath = path
            let response = try await HTTPClient().perform(request)
            #expect(response.body == [7])
            #expect(response.headers["X-Path"] == "/x")
            #expect(response.headers["X-Remote"] == nil)
            await server.stop()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test func aDeadSocketIsReplaced() async throws {
        try await Self.withFolder { path in
            let dead = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(dead, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
            }
            #expect(bound == 0)
            close(dead)
            let server = try echoServer(.unix(path: path))
            await server.stop()
        }
    }

    @Test func aLiveSocketIsNot() async throws {
        try await Self.withFolder { path in
            let server = try echoServer(.unix(path: path))
            #expect(throws: HTTPServerError.inUse(path)) { try echoServer(.unix(path: path)) }
            var request = HTTPClientRequest(url: "http://pool/")
            request.unixSocketPath = path
            #expect(try await HTTPClient().perform(request).status == 200)
            await server.stop()
        }
    }

    @Test func otherFilesAreNotTouched() async throws {
        try await Self.withFolder { path in
            try "precious".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: HTTPServerError.notASocket(path: path)) { try echoServer(.unix(path: path)) }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
        }
    }

    @Test func aMissingFolderIsNamed() {
        let path = "/tmp/no-such-folder-\(UInt64.random(in: 0 ... .max))/poold.sock"
        let error = #expect(throws: HTTPServerError.noFolder(path: path)) { try echoServer(.unix(path: path)) }
        #expect(error?.text == "cannot listen on \(path): its folder is not there")
        #expect(error?.remedy.hasPrefix("make the folder") == true)
    }

    @Test func longPathsAreNamed() {
        let path = "/tmp/" + String(repeating: "x", count: 103)
        #expect(throws: HTTPServerError.pathTooLong(path: path)) { try echoServer(.unix(path: path)) }
    }
}
