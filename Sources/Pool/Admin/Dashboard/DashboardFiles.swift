/// The dashboard's files, as they stand in `Page/`; the build embeds them in the program, so that it needs no folder beside it.
///
/// They load nothing from elsewhere. What miners and nodes say reaches the page as text only, never as markup.
enum DashboardFiles {
    /// The page; a pool's and an account's are the same one, which looks at its own address.
    static let page = File("text/html; charset=utf-8", PackageResources.index_html)

    /// A file by the path it is served at.
    static func file(_ path: String) -> File? {
        if path == "/" || isAccount(path) { return page }
        return path.hasPrefix(folder) ? files[String(path.dropFirst(folder.count))] : nil
    }

    struct File: Sendable {
        let contentType: String
        let bytes: [UInt8]

        init(_ contentType: String, _ bytes: [UInt8]) {
            self.contentType = contentType
            self.bytes = bytes
        }
    }

    static let folder = "/dashboard/"

    static let files: [String: File] = [
        "style.css": File("text/css; charset=utf-8", PackageResources.style_css),
        "icon.svg": File("image/svg+xml", PackageResources.icon_svg),
        "main.js": script(PackageResources.main_js),
        "pool.js": script(PackageResources.pool_js),
        "account.js": script(PackageResources.account_js),
        "history.js": script(PackageResources.history_js),
        "parts.js": script(PackageResources.parts_js),
        "chart.js": script(PackageResources.chart_js),
        "format.js": script(PackageResources.format_js),
        "dom.js": script(PackageResources.dom_js),
        "api.js": script(PackageResources.api_js),
    ]

    private static func script(_ bytes: [UInt8]) -> File { File("text/javascript; charset=utf-8", bytes) }

    /// `/account/ADDRESS`: any name will do, the page says when the ledger does not know it.
    private static func isAccount(_ path: String) -> Bool {
        guard path.hasPrefix("/account/") else { return false }
        let name = path.dropFirst(9)
        return (1...256).contains(name.utf8.count) && !name.contains("/")
    }
}
