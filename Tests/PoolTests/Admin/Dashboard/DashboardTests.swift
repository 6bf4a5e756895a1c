import Foundation
import JSON
import Synchronization
import Testing

@testable import Pool

/// The dashboard's pages in a real browser.
@Suite(.serialized, .enabled(if: Browser.program != nil, "skipped: no Chromium is installed here (Debian: apt-get install chromium)"))
struct DashboardTests {
    private let source = PageSource()
    private let browser: Browser
    private let server: AdminServer

    init() throws {
        browser = try Browser(try #require(Browser.program))
        server = try AdminServer(
            source: source,
            socketPath: nil,
            listen: ListenAddress(host: "127.0.0.1", port: 0),
            token: nil,
            isPublic: true
        )
    }

    private func open(_ path: String, _ screen: Tab.Screen = .desktop, dark: Bool = false) async throws -> Tab {
        let tab = try await Tab(browser, screen, dark: dark)
        try await tab.open("http://\(try #require(server.address))\(path)")
        try await tab.wait("document.querySelector('#live').textContent === 'live' && document.querySelector('.chart .curve')")
        return tab
    }

    private static let hasBlocks = "document.querySelectorAll('#blocks tbody tr').length === 2 && document.querySelector('#blocks .chip')"

    /// A browser takes longer to start than a page to load: one shows all the screens.
    private func onEveryScreen(_ body: (Tab.Screen, Bool) async throws -> Void) async throws {
        for screen in Tab.Screen.allCases {
            for dark in [false, true] { try await body(screen, dark) }
        }
        await server.stop()
    }

    @Test func thePoolAtAGlance() async throws {
        try await onEveryScreen { screen, dark in
            let tab = try await open("/", screen, dark: dark)
            try await tab.wait(Self.hasBlocks)
            let tiles = try await tab.text(".tiles")
            for figure in ["12.3 MH/s", "12,345", "73.0 %", "luck 104 %"] { #expect(tiles.contains(figure), "\(figure)") }
            #expect(try await tab.text("#summary") == "regtest, height 153, up 3 h 12 min")
            let refused = try await tab.text("#refused")
            for reason in ["stale", "low-difficulty", "duplicate"] { #expect(refused.contains(reason), "\(reason)") }
            #expect(try await tab.text("#nodes").contains("cannot be reached: Connection refused"))
            #expect(try await tab.text("#chains").contains("share difficulty 0.25 would show its solutions"))
            #expect(try await tab.text("#auxiliary").contains("1.38130915"), "wei are shown in whole coins")
            #expect(try await tab.text("#rounds").contains("40.0 %"))
            try await check(tab, screen, dark: dark)
            let own = "http://\(try #require(server.address))/"
            #expect(tab.requests.count > 10)
            for request in tab.requests { #expect(request.hasPrefix(own), "everything comes from the pool, but \(request)") }
            try await tab.keepPicture("pool-\(screen.rawValue)-\(dark ? "dark" : "light")")
        }
    }

    private func check(_ tab: Tab, _ screen: Tab.Screen, dark: Bool) async throws {
        #expect(tab.complaints == [])
        #expect(tab.bytesLoaded < 100_000, "the first load is \(tab.bytesLoaded) bytes")
        #expect(tab.bytesLoaded > 20_000, "what was loaded is counted")
        let width = try await tab.evaluate("document.documentElement.scrollWidth")
        #expect(try #require(width.double) <= Double(screen.size.width), "nothing hangs over the side")
        let page = try await tab.evaluate("getComputedStyle(document.body).backgroundColor").string
        #expect(page == (dark ? "rgb(17, 20, 24)" : "rgb(244, 245, 247)"))
    }

    @Test func itLivesWithoutReloading() async throws {
        let tab = try await open("/")
        try await tab.wait(Self.hasBlocks)
        _ = try await tab.evaluate("window.mark = 'still the same page'")
        source.fake.state.withLock { state in
            state.status.accepted = 99_999
            state.blocks.insert(
                BlockRow(height: 154, hash: String(repeating: "77", count: 32), worker: "bob", time: 0, state: "found", reward: 1),
                at: 0
            )
        }
        try await tab.wait("document.querySelector('.tiles').innerText.includes('99,999')")
        try await tab.wait("document.querySelectorAll('#blocks tbody tr').length === 3")
        #expect(try await tab.evaluate("window.mark") == "still the same page")
        await server.stop()
    }

    @Test func parentAndAuxiliaryBlocksLeadToEachOther() async throws {
        let tab = try await open("/")
        try await tab.wait(Self.hasBlocks)
        try await tab.click("#blocks .chip")
        #expect(try await tab.evaluate("document.querySelector(':target').innerText").string?.hasPrefix("rootstock") == true)
        try await tab.click("#auxiliary .chip")
        #expect(try await tab.evaluate("document.querySelector(':target').innerText").string?.hasPrefix("153") == true)
        // From an account's page the way leads to the pool's, whose rows come after it.
        try await tab.open("http://\(try #require(server.address))/account/\(PageSource.account)")
        try await tab.wait("document.querySelector('#blocks .chip')")
        try await tab.click("#blocks .chip")
        try await tab.wait("location.pathname === '/' && document.querySelector(':target')?.innerText.startsWith('rootstock')")
        #expect(tab.complaints == [])
        await server.stop()
    }

    @Test func aMinerOpensItsAccount() async throws {
        try await onEveryScreen { screen, dark in
            let tab = try await open("/", screen, dark: dark)
            _ = try await tab.evaluate("document.querySelector('#search input').value = ' \(PageSource.account).axe1 '")
            tab.browser.forgetEvents()
            try await tab.click("#search button")
            try await tab.wait(
                "location.pathname === '/account/\(PageSource.account)' && document.querySelector('.tiles').innerText.includes('12,000')"
            )
            try await tab.wait("document.querySelectorAll('#balances tbody tr').length === 2 && document.querySelector('.chart .curve')")
            #expect(try await tab.text("#balances").contains("125"))
            #expect(try await tab.text("#workers").contains("axe1"))
            #expect(try await tab.evaluate("document.querySelector('#unknown').hidden") == true)
            try await check(tab, screen, dark: dark)
            try await tab.keepPicture("account-\(screen.rawValue)-\(dark ? "dark" : "light")")
        }
    }

    /// Neither its blocks nor its charts are cut by what others found, or by how many workers it has.
    @Test func anAccountsPageAsksForItsOwn() async throws {
        source.fake.state.withLock { state in
            let others = (0..<60).map { BlockRow(height: 200 + $0, hash: "\($0)", worker: "bob", time: 0, state: "found", reward: 1) }
            state.blocks = others + state.blocks
        }
        let tab = try await open("/account/\(PageSource.account)")
        try await tab.wait("document.querySelectorAll('#blocks tbody tr').length === 1 && document.querySelector('#blocks .chip')")
        #expect(try await tab.text("#blocks").contains("153"))
        try await tab.click(".ranges button:nth-child(3)")
        try await tab.wait("document.querySelector('.ranges button:nth-child(3)').ariaPressed === 'true'")
        while source.queries.withLock({ $0.count }) < 2 { try await Task.sleep(for: .milliseconds(20)) }
        for query in source.queries.withLock({ $0 }) { #expect(query.account == PageSource.account && query.worker == nil) }
        #expect(tab.complaints == [])
        await server.stop()
    }

    /// What a chart has it does not ask for again.
    @Test func aChartAsksForWhatIsNew() async throws {
        let tab = try await open("/")
        let before = source.queries.withLock { $0 }
        _ = try await tab.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        while source.queries.withLock({ $0.count }) == before.count { try await Task.sleep(for: .milliseconds(20)) }
        let (first, next) = (try #require(before.first), try #require(source.queries.withLock { $0.last }))
        #expect(next.since >= first.since + 3_600 - 1_000, "from \(first.since) to \(next.since)")
        let path = try await tab.evaluate("document.querySelector('.chart .curve').getAttribute('d')").string ?? ""
        #expect(path.split(separator: "L").count > 50, "the rest is still drawn")
        await server.stop()
    }

    @Test func anUnknownAccountIsToldHowToBegin() async throws {
        let tab = try await open("/account/nobody")
        try await tab.wait("!document.querySelector('#unknown').hidden")
        #expect(try await tab.text("#unknown").contains("nobody.rig1"))
        #expect(tab.complaints == [])
        await server.stop()
    }

    @Test func whatMinersSayIsNoMarkup() async throws {
        let tab = try await open("/account/bob")
        try await tab.wait("document.querySelector('#workers tbody').innerText.includes('onerror')")
        try await tab.open("http://\(try #require(server.address))/")
        try await tab.wait("document.querySelector('#workers tbody').innerText.includes('onerror')")
        #expect(try await tab.evaluate("document.querySelectorAll('main img').length") == 0)
        #expect(try await tab.evaluate("document.title").string?.contains("owned") == false)
        #expect(tab.complaints == [])
        await server.stop()
    }

    @Test func everyLengthOfTimeDraws() async throws {
        let tab = try await open("/")
        for index in 1...5 {
            try await tab.click(".ranges button:nth-child(\(index))")
            try await tab.wait("document.querySelector('.ranges button:nth-child(\(index))').ariaPressed === 'true'")
            try await tab.wait("document.querySelectorAll('.chart .curve').length === 1 && document.querySelectorAll('#refused rect').length > 3")
            let path = try await tab.evaluate("document.querySelector('.chart .curve').getAttribute('d')").string ?? ""
            #expect(!path.contains("NaN") && path.split(separator: "L").count > 2)
        }
        #expect(tab.complaints == [])
        await server.stop()
    }

    @Test func aPoolThatFailsSaysSo() async throws {
        let tab = try await open("/")
        source.fake.state.withLock { $0.failure = .unavailable("the ledger cannot be read: disk I/O error") }
        try await tab.wait("document.querySelector('#trouble')?.innerText.includes('disk I/O error')")
        source.fake.state.withLock { $0.failure = nil }
        try await tab.wait("!document.querySelector('#trouble')")
        await server.stop()
    }
}
