import Bitcoin
import Certificates
import Embedded
import Glibc
import HTTP
import MergeMining
import Testing

@testable import Pool

/// The doctor against an embedded node and a folder of the test's own.
@Suite struct DoctorTests {
    private func configuration(_ folder: TemporaryFolder, _ node: EmbeddedNode? = nil) throws -> PoolConfiguration {
        var configuration = PoolConfiguration()
        configuration.data = folder.path
        configuration.stratum[0].listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.admin.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.coinbase.address = ConfigurationTests.regtestAddress
        configuration.coinbase.payout = try Address(parsing: ConfigurationTests.regtestAddress, chain: .regtest)
        if let node {
            var entry = PoolConfiguration.Node()
            entry.url = node.url
            entry.user = node.credentials.user
            entry.password = Secret(node.credentials.password)
            configuration.nodes = [entry]
        }
        return configuration.resolved
    }

    private func examine(_ configuration: PoolConfiguration) async -> [CheckLine] {
        var lines: [CheckLine] = []
        for await line in Doctor(configuration).lines { lines.append(line) }
        return lines
    }

    private func withNode(_ body: (EmbeddedNode) async throws -> Void) async throws {
        let node = try EmbeddedNode()
        try await node.start()
        try await body(node)
        await node.stop()
    }

    @Test func aSoundPoolPasses() async throws {
        let folder = try TemporaryFolder()
        try await withNode { node in
            let lines = await examine(try configuration(folder, node))
            #expect(lines.filter { !$0.isOK } == [])
            let subjects = lines.map(\.subject)
            for subject in [
                "engine", "open files", "data", "admin.socket", "stratum[0].listen", "admin.listen", "coinbase.address", "nodes[0]",
                "nodes[0] version",
                "nodes[0] chain", "nodes[0] synced", "nodes[0] template", "nodes[0] coinbase",
            ] { #expect(subjects.contains(subject), "\(subject)") }
        }
        // Nothing is left behind.
        #expect(try DurableFile.list(folder.path) == [])
    }

    /// Each fault, and what the line that fails must say.
    @Test(arguments: [
        (NodeFault.refuse, "no connection", "start the node"), (.drop, "broke the connection", "log"), (.garbage, "makes no sense", "right node"),
        (.warmingUp, "is starting", "wait"), (.busy, "too many requests", "rpcworkqueue"),
    ])
    func aNodeInTrouble(fault: NodeFault, finding: String, remedy: String) async throws {
        let folder = try TemporaryFolder()
        try await withNode { node in
            let configuration = try configuration(folder, node)
            try await node.setFault(fault)
            let failed = await examine(configuration).filter { !$0.isOK }
            #expect(failed.map(\.subject) == ["nodes[0]"])
            #expect(failed.first?.finding.contains(finding) == true, "\(failed)")
            #expect(failed.first?.remedy?.contains(remedy) == true, "\(failed)")
        }
    }

    @Test func aTemplateThatFails() async throws {
        let folder = try TemporaryFolder()
        try await withNode { node in
            let configuration = try configuration(folder, node)
            try await node.setFault(.garbage, on: ["getblocktemplate"])
            let failed = await examine(configuration).filter { !$0.isOK }
            #expect(failed.map(\.subject) == ["nodes[0] template"])
        }
    }

    @Test func aWrongPassword() async throws {
        let folder = try TemporaryFolder()
        try await withNode { node in
            var configuration = try configuration(folder, node)
            configuration.nodes[0].password = Secret("wrong")
            let failed = await examine(configuration).filter { !$0.isOK }
            #expect(failed.map(\.subject) == ["nodes[0]"])
            #expect(failed.first?.finding.contains("refuses user and password") == true)
            #expect(failed.first?.remedy == "correct user and password, or cookieFile")
        }
    }

    @Test func anotherChain() async throws {
        let folder = try TemporaryFolder()
        try await withNode { node in
            var configuration = try configuration(folder, node)
            configuration.chain = .testnet4
            let failed = await examine(configuration).filter { !$0.isOK }
            #expect(failed.map(\.subject) == ["nodes[0] chain"])
            #expect(failed.first?.finding == "the node is on regtest")
        }
    }

    @Test func noticesThatNobodySends() async throws {
        let folder = try TemporaryFolder()
        try await withNode { node in
            var configuration = try configuration(folder, node)
            configuration.nodes[0].zmqHashBlock = "tcp://127.0.0.1:1"
            let failed = await examine(configuration).filter { !$0.isOK }
            #expect(failed.map(\.subject) == ["nodes[0].zmqHashBlock"])
            #expect(failed.first?.remedy?.contains("zmqpubhashblock=tcp://127.0.0.1:1") == true)
        }
    }

    /// Both kinds of auxiliary chain: sound, with another number, and gone.
    @Test func auxiliaryChains() async throws {
        let folder = try TemporaryFolder()
        let rsk = try EmbeddedRSKNode()
        try await rsk.start()
        let namecoin = try EmbeddedAuxPowNode(EmbeddedAuxPowNode.Settings(.namecoin))
        try await namecoin.start()
        try await withNode { node in
            var configuration = try configuration(folder, node)
            var first = PoolConfiguration.Auxiliary()
            first.name = "rootstock"
            first.url = rsk.url
            var second = PoolConfiguration.Auxiliary()
            second.kind = .auxpow
            second.name = "namecoin"
            second.url = namecoin.url
            second.user = namecoin.credentials.user
            second.password = Secret(namecoin.credentials.password)
            second.flavour = .namecoin
            second.chainID = namecoin.chainID.value
            second.address = "the-pool"
            configuration.auxiliaries = [first, second]
            let lines = await examine(configuration)
            #expect(lines.filter { !$0.isOK } == [])
            #expect(lines.contains { $0.subject == "auxiliaries[0]" && $0.finding.contains("gives work at height") })
            let plain = await examine(try self.configuration(folder, node)).first { $0.subject == "nodes[0] coinbase" }
            #expect(lines.first { $0.subject == "nodes[0] coinbase" } != plain, "commitments make the coinbase longer")

            configuration.auxiliaries[1].chainID = 7
            #expect(await examine(configuration).filter { !$0.isOK }.map(\.finding).first?.contains("is another chain") == true)

            configuration.auxiliaries[1].password = Secret("wrong")
            await rsk.stop()
            let failed = await examine(configuration).filter { !$0.isOK }
            #expect(failed.map(\.subject) == ["auxiliaries[0]", "auxiliaries[1]"])
            #expect(failed.allSatisfy { $0.remedy?.contains("correct url") == true }, "\(failed)")
        }
        await namecoin.stop()
    }

    @Test func aBusyPort() async throws {
        let folder = try TemporaryFolder()
        let other = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { _ in HTTPResponse() }
        var configuration = try configuration(folder)
        configuration.stratum[0].listen = ListenAddress(host: "127.0.0.1", port: try #require(other.boundPort))
        let failed = await examine(configuration).filter { !$0.isOK }
        #expect(failed.map(\.subject) == ["stratum[0].listen"])
        #expect(failed.first?.finding.contains("in use") == true)
        await other.stop()
    }

    @Test func anAddressOfAnotherMachine() async throws {
        let folder = try TemporaryFolder()
        var configuration = try configuration(folder)
        configuration.admin.listen = ListenAddress(host: "192.0.2.1", port: 0)
        #expect(await examine(configuration).filter { !$0.isOK }.map(\.subject) == ["admin.listen"])
    }

    @Test func aPoolThatRunsAlready() async throws {
        let folder = try TemporaryFolder()
        var configuration = try configuration(folder)
        let running = try AdminServer(source: FakeSource(), socketPath: configuration.admin.socket, listen: nil, token: nil, isPublic: true)
        let its = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { _ in HTTPResponse() }
        configuration.stratum[0].listen = ListenAddress(host: "127.0.0.1", port: try #require(its.boundPort))
        let lines = await examine(configuration)
        #expect(lines.filter { !$0.isOK } == [])
        for subject in ["admin.socket", "stratum[0].listen"] {
            #expect(lines.first { $0.subject == subject }?.finding.contains("held by the running pool") == true, "\(subject)")
        }
        await its.stop()
        await running.stop()
    }

    @Test func somethingElseOnTheSocket() async throws {
        let folder = try TemporaryFolder()
        var configuration = try configuration(folder)
        let other = try HTTPServer(listen: .unix(path: configuration.admin.socket)) { _ in HTTPResponse(status: 404) }
        let its = try HTTPServer(listen: .tcp(host: "127.0.0.1", port: 0)) { _ in HTTPResponse() }
        configuration.stratum[0].listen = ListenAddress(host: "127.0.0.1", port: try #require(its.boundPort))
        let failed = await examine(configuration).filter { !$0.isOK }
        #expect(failed.map(\.subject) == ["admin.socket", "stratum[0].listen"])
        await its.stop()
        await other.stop()
    }

    @Test func whoListensIsRead() {
        let table = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:0D05 00000000:0000 0A 00000000:00000000 00:00000000 00000000   998        0 81 1 0000000000000000 100 0 0 10 0
               1: 0100007F:0D05 0100007F:C350 01 00000000:00000000 00:00000000 00000000    33        0 82 1 0000000000000000 20 4 30 10 -1
               2: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 83
            """
        #expect(RunningPool.listeners(on: 3333, in: table) == [998])
        #expect(RunningPool.listeners(on: 8080, in: table) == [0])
        #expect(RunningPool.listeners(on: 50_000, in: table) == [])
        #expect(RunningPool.listeners(on: 3333, in: "") == [])
    }

    @Test func certificatesThatEnd() throws {
        let folder = try TemporaryFolder()
        let files = try TestCertificate(name: "pool", lifetime: 86_400 * 30 + 600)
        var configuration = try configuration(folder)
        var tls = PoolConfiguration.TLS()
        tls.certificate = files.certificate
        tls.key = files.key
        configuration.stratum[0].tls = tls
        let doctor = Doctor(configuration)
        func line(afterDays days: Int64) -> CheckLine? {
            doctor.certificates(at: UnixTime(milliseconds: UnixTime.now().milliseconds + days * 86_400_000)).first
        }
        #expect(line(afterDays: 0) == .ok("stratum[0].tls", "\(files.certificate) and its key can be used"))
        let ending = try #require(line(afterDays: 20))
        #expect(ending.isOK && ending.remedy == "put a renewed one in its place")
        #expect(ending.finding.hasPrefix("\(files.certificate) ends in 10 d"))
        #expect(ending.text(Style(hasColour: false)).hasPrefix("warn  stratum[0].tls"))
        let over = try #require(line(afterDays: 31))
        #expect(!over.isOK && over.finding.hasPrefix("\(files.certificate) has expired on 20"))
    }

    @Test func foldersThatCannotBeUsed() throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/file"
        try DurableFile.replace(file, with: [])
        #expect(Doctor.check(folder: file, key: "data").finding == "\(file) is no folder")
        #expect(Doctor.check(folder: folder.path + "/a/b", key: "data").finding.contains("the pool will make it"))
        #expect(access(folder.path + "/a", F_OK) != 0, "the doctor makes nothing")
        #expect(!Doctor.check(folder: "/proc", key: "data").isOK)
    }

    @Test func aTokenFileThatIsNotThere() async throws {
        let folder = try TemporaryFolder()
        var configuration = try configuration(folder)
        configuration.admin.tokenFile = folder.path + "/token"
        let failed = await examine(configuration).filter { !$0.isOK }
        #expect(failed.map(\.subject) == ["admin.tokenFile"])
        #expect(failed.first?.remedy?.contains("openssl rand") == true)
    }

    @Test func linesSayWhatToDo() {
        let plain = Style(hasColour: false)
        #expect(CheckLine.ok("data", "good").text(plain) == "ok    data                  good")
        #expect(CheckLine.failed("data", "bad", remedy: "mend it").text(plain) == "FAIL  data                  bad → mend it")
    }
}
