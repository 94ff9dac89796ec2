using System.Text.RegularExpressions;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Conventions;

/// <summary>The table of known defects names tests that exist.</summary>
public sealed partial class KnownDefectsTests
{
    [Test]
    public void KnownDefects_TestsThatTheyName_Exist()
    {
        var tests = typeof(KnownDefectsTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(), (type, method) => $"{type.Name}.{method.Name}")
            .ToHashSet();

        var lines = File.ReadAllText(Path.Combine(Repository.Root, "docs", "known-defects.md")).Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1).ToList();
        var named = lines.ConvertAll(line => Names().Matches(line).Select(match => match.Groups[1].Value).ToList());

        Assert.That(named, Has.Count.GreaterThan(20).And.None.Empty);
        Assert.That(named.SelectMany(names => names).Where(name => !tests.Contains(name)), Is.Empty);
    }

    [GeneratedRegex("`([A-Za-z]+Tests\\.[A-Za-z0-9_]+)`")]
    private static partial Regex Names();
}
