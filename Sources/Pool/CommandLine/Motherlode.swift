/// What both programs say of themselves.
public enum Motherlode {
    /// Counted by semver.org; the programs, the status and the coinbase's readers see the same number.
    public static let version = "0.1.0"
}
