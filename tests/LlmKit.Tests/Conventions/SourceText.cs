using System.Text.RegularExpressions;

namespace LlmKit.Tests.Conventions;

/// <summary>Reads C# files just well enough to see which types they declare and name.</summary>
internal static partial class SourceText
{
    /// <summary>Gives the types that a file declares outside of other types.</summary>
    public static IEnumerable<string> TopLevelTypes(string source) => Declaration().Matches(source).Select(match => match.Groups["name"].Value);

    /// <summary>Gives every identifier outside of comments and strings.</summary>
    public static HashSet<string> Identifiers(string source) =>
        [.. Identifier().Matches(Strings().Replace(Comments().Replace(source, " "), "\"\"")).Select(match => match.Value)];

    [GeneratedRegex(@"^(?:public |internal |file )?(?:static |sealed |abstract |readonly |ref |partial )*(?:class|record struct|record|struct|interface|enum|delegate \S+) (?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/", RegexOptions.Singleline)]
    private static partial Regex Comments();

    [GeneratedRegex("\"(?:[^\"\\\\\n]|\\\\.)*\"")]
    private static partial Regex Strings();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Identifier();
}
