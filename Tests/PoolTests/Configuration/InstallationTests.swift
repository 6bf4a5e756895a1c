import Foundation
import Testing

@testable import Pool

/// What the package installs fits what its documents tell an operator to do.
@Suite struct InstallationTests {
    private func lines(_ name: String) throws -> [Substring] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardizedFileURL
        return try String(contentsOf: root.appending(path: name), encoding: .utf8).split(separator: "\n")
    }

    /// What stands behind `name=` in the unit, the last time.
    private func unit(_ name: String) throws -> String? {
        try lines("deploy/systemd/motherlode.service").last { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// The folders that are there from the installation on.
    private func folders() throws -> Set<String> {
        Set(try lines("deploy/systemd/motherlode.tmpfiles").filter { $0.hasPrefix("d ") }.map { String($0.split(separator: " ")[1]) })
    }

    /// Where systemd makes no folders, as in a container, the package's script does; a purge sees to each of them.
    @Test func everyFolderIsMadeAndTakenAway() throws {
        let install = try lines("deploy/debian/postinst").filter { $0.contains("install -d") }.joined(separator: " ").split(separator: " ")
        let purge = try lines("deploy/debian/postrm").filter { $0.contains("rm -rf") || $0.contains("rmdir") }.joined(separator: " ")
        for folder in try folders() {
            #expect(install.contains { $0 == folder }, "\(folder)")
            #expect(purge.contains(folder), "\(folder)")
        }
    }

    /// The configuration is checked before the unit has ever run.
    @Test(arguments: ["main.json5", "testnet4.json5"])
    func theSocketsFolderIsThere(example: String) throws {
        let socket = try #require(try lines("deploy/\(example)").compactMap { $0.firstMatch(of: /socket: "([^"]+)"/)?.1 }.first)
        #expect(try folders().contains(Doctor.folder(of: String(socket))))
        #expect(try unit("RuntimeDirectoryPreserve") == "yes")
    }

    @Test func backupsCanBeWritten() throws {
        let example = try #require(try lines("docs/operate.md").compactMap { $0.firstMatch(of: /^poolctl backup ([^ ]+)/)?.1 }.first)
        let folder = Doctor.folder(of: String(example))
        #expect(try folders().contains(folder))
        #expect(try unit("ReadWritePaths") == "-" + folder)
    }

    /// At the example's place, and at the one where a configuration names none.
    @Test func reloadingFindsTheSocket() throws {
        #expect(try unit("ExecReload") == "/usr/bin/poolctl reload")
        #expect(try unit("WorkingDirectory") == PoolConfiguration().data)
        let sockets = PoolAddress.candidates { _ in nil }
        #expect(sockets.first == PoolConfiguration().admin.socket, "relative to the working folder")
        #expect(sockets.contains("/run/motherlode/poold.sock"))
    }

    /// Replaying shares and waiting for room may take longer than the 90 seconds that systemd waits by itself.
    @Test func aStartMayTakeLong() throws { #expect(try unit("TimeoutStartSec") == "infinity") }
}
