using System.Text.RegularExpressions;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Conventions;

public sealed partial class FileTests
{
    private const int MostLines = 400;
    private const int MostFiles = 12;

    private static readonly string[] Folders = [.. new[] { "src", "samples", "benchmarks" }.Where(folder => Directory.Exists(Path.Combine(Repository.Root, folder)))];

    private readonly List<(string Path, string Text)> _files = [.. Folders.SelectMany(Repository.Sources)];

    [Test]
    public void Files_Length_IsBounded() =>
        Assert.That(_files.Select(file => (file.Path, Lines: file.Text.Count(c => c == '\n'))).Where(file => file.Lines > MostLines), Is.Empty);

    [Test]
    public void Folders_Files_AreFew()
    {
        var folders = _files.GroupBy(file => file.Path[..file.Path.LastIndexOf('/')]);

        Assert.That(folders.Where(folder => folder.Count() > MostFiles).Select(folder => $"{folder.Key} has {folder.Count()} files"), Is.Empty);
    }

    [Test]
    public void Files_Names_SayWhatTheyAre() =>
        Assert.That(_files.Select(file => file.Path).Where(path => VagueName().IsMatch(path)), Is.Empty);

    [Test]
    public void Files_Words_AreNoneOfTheForbidden() => Assert.That(
        from file in _files
        from line in file.Text.Split('\n').Index()
        where ForbiddenWord().IsMatch(line.Item)
        select $"{file.Path}:{line.Index + 1} {line.Item.Trim()}",
        Is.Empty);

    [Test]
    public void Files_Namespaces_AreFileScoped() =>
        Assert.That(_files.Where(file => BlockNamespace().IsMatch(file.Text)).Select(file => file.Path), Is.Empty);

    [Test]
    public void Files_Usings_StandInOrder()
    {
        var files = _files.Concat(Repository.Sources("tests")).ToList();

        Assert.That(files.Where(file => !AreInOrder(file.Text)).Select(file => file.Path), Is.Empty);
        Assert.That(AreInOrder("using System;\nusing LlmKit;\nusing System.Text;\n"), Is.False);
    }

    /// <summary>The runtime's own first, as the editor settings ask for and the build does not look at.</summary>
    private static bool AreInOrder(string source)
    {
        var opened = Opened().Matches(source).Select(match => match.Groups["name"].Value).ToList();
        return opened.SequenceEqual(opened.OrderBy(name => name != "System" && !name.StartsWith("System.", StringComparison.Ordinal)).ThenBy(name => name, StringComparer.OrdinalIgnoreCase));
    }

    [GeneratedRegex(@"^using (?<name>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Opened();

    [GeneratedRegex(@"(Utils?|Utilities|Helpers?|Common|Manager|Service|Misc)\.cs$")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|#region|^\s*#if\b|//\s*[-=*#]{3,}|\basync void\b|\bTask\.Run\(|\.GetAwaiter\(\)\.GetResult\(\);\s*//|(?<![\w./])/(home|tmp|Users|root)/")]
    private static partial Regex ForbiddenWord();

    [GeneratedRegex(@"^namespace [\w.]+\s*\{?\s*$", RegexOptions.Multiline)]
    private static partial Regex BlockNamespace();
}
