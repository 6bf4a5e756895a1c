import Foundation
import JSON
import Testing

/// A page in a ``Browser``.
struct Tab {
    /// What it is looked at with.
    enum Screen: String, CaseIterable, Sendable {
        case desktop
        case phone

        var size: (width: Int, height: Int) { self == .desktop ? (1280, 1600) : (390, 844) }
    }

    let browser: Browser
    private let session: String

    init(_ browser: Browser, _ screen: Screen, dark: Bool) async throws {
        self.browser = browser
        let target = try await browser.call("Target.createTarget", ["url": "about:blank"])
        let attached = try await browser.call(
            "Target.attachToTarget",
            ["targetId": .string(try #require(target["targetId"]?.string)), "flatten": true]
        )
        session = try #require(attached["sessionId"]?.string)
        for domain in ["Page", "Runtime", "Log", "Network"] { _ = try await call("\(domain).enable") }
        _ = try await call(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": JSONValue(screen.size.width), "height": JSONValue(screen.size.height), "deviceScaleFactor": 1,
                "mobile": .bool(screen == .phone),
            ]
        )
        let scheme: JSONValue = ["name": "prefers-color-scheme", "value": dark ? "dark" : "light"]
        _ = try await call("Emulation.setEmulatedMedia", ["features": [scheme]])
    }

    private func call(_ method: String, _ parameters: JSONValue = [:]) async throws -> JSONValue {
        try await browser.call(method, parameters, session: session)
    }

    func open(_ url: String) async throws {
        browser.forgetEvents()
        let answer = try await call("Page.navigate", ["url": .string(url)])
        if let error = answer["errorText"] { throw Browser.Failure(description: "\(url): \(error)") }
    }

    /// The value of a JavaScript expression; of what it promises, if it promises something.
    func evaluate(_ expression: String) async throws -> JSONValue {
        let answer = try await call(
            "Runtime.evaluate",
            ["expression": .string(expression), "returnByValue": true, "awaitPromise": true]
        )
        if let failure = answer["exceptionDetails"] { throw Browser.Failure(description: "\(expression): \(failure)") }
        return answer["result"]?["value"] ?? .null
    }

    /// Waits, in the page, until a condition holds; says after twenty seconds that it does not.
    func wait(_ condition: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let script = """
            new Promise((resolve) => { const end = Date.now() + 20000; const look = () => { let holds = false;
            try { holds = Boolean(\(condition)); } catch { } if (holds || Date.now() > end) resolve(holds); else setTimeout(look, 20); }; look(); })
            """
        // A navigation under way ends the script that waited on the page before.
        let holds = try await { () async throws -> JSONValue in
            do { return try await evaluate(script) } catch { return try await evaluate(script) }
        }()
        #expect(holds == true, "\(condition)", sourceLocation: sourceLocation)
    }

    func text(_ selector: String) async throws -> String {
        try await evaluate("document.querySelector(\(Self.quote(selector))).innerText").string ?? ""
    }

    func click(_ selector: String) async throws { _ = try await evaluate("document.querySelector(\(Self.quote(selector))).click()") }

    static func quote(_ text: String) -> String { String(decoding: JSONValue.string(text).serialized(), as: UTF8.self) }

    /// What the page complained about: errors and warnings on the console, exceptions, requests that failed or were forbidden.
    var complaints: [String] {
        browser.events.compactMap { event in
            switch event.method {
            case "Runtime.exceptionThrown": "\(event.parameters)"
            case "Runtime.consoleAPICalled" where ["error", "warning", "assert"].contains(event.parameters["type"]?.string): "\(event.parameters)"
            case "Log.entryAdded" where ["error", "warning"].contains(event.parameters["entry"]?["level"]?.string): "\(event.parameters)"
            default: nil
            }
        }
    }

    /// Bytes that came over the network since the last `open`: heads and bodies, events included.
    var bytesLoaded: Int {
        browser.events.reduce(0) { sum, event in
            let bytes: Double? =
                switch event.method {
                case "Network.responseReceived": event.parameters["response"]?["encodedDataLength"]?.double
                case "Network.dataReceived": event.parameters["dataLength"]?.double
                default: nil
                }
            return sum + Int(bytes ?? 0)
        }
    }

    /// Addresses that were asked for since the last `open`.
    var requests: [String] {
        browser.events.compactMap { $0.method == "Network.requestWillBeSent" ? $0.parameters["request"]?["url"]?.string : nil }
    }

    /// Keeps a picture of the whole page in the folder that MOTHERLODE_SCREENSHOTS names, for people to look at.
    func keepPicture(_ name: String) async throws {
        guard let folder = ProcessInfo.processInfo.environment["MOTHERLODE_SCREENSHOTS"] else { return }
        let answer = try await call("Page.captureScreenshot", ["format": "png", "captureBeyondViewport": true])
        let picture = try #require(answer["data"]?.string.flatMap { Data(base64Encoded: $0) })
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try picture.write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
    }
}
