using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Conventions;

/// <summary>Who may use whom: stages know the neutral rooms and never each other; the neutral rooms know no stage.</summary>
public sealed class FolderDependencyTests
{
    private static readonly string[] Areas = ["Orchestration", "Control", "Execution", "Observability"];
    private static readonly string[] NeutralRooms = ["Calls", "Models", "Text", "Checks", "Internal", "Pipeline"];

    // A stage that takes the builder's context in its constructor. Take the line out when it takes what it needs of it; add none.
    private static readonly string[] KnowThePipeline = ["src/LlmKit/Execution/Resilience/ResilienceChatClient.cs"];

    private readonly List<SourceFile> _files =
        [.. Repository.Sources("src/LlmKit").Select(file => new SourceFile(
            file.Path, RoomOf(file.Path), SourceText.Namespace(file.Text), [.. SourceText.Usings(file.Text)], [.. SourceText.TopLevelTypes(file.Text)], SourceText.Identifiers(file.Text)))];

    [Test]
    public void Stages_OtherStages_AreNeverUsed() =>
        Assert.That(Uses(from: IsStage, of: IsStage), Is.Empty);

    [Test]
    public void NeutralRooms_Stages_AreNeverUsed() =>
        Assert.That(Uses(from: NeutralRooms.Contains, of: IsStage), Is.Empty);

    [Test]
    public void Stages_Pipeline_IsUsedFromTheirExtensionsOnly() =>
        Assert.That(Uses(from: IsStage, of: room => room == "Pipeline", except: path => path.EndsWith("Extensions.cs", StringComparison.Ordinal) || KnowThePipeline.Contains(path)), Is.Empty);

    [Test]
    public void Files_Rooms_AreKnown()
    {
        var unknown = _files.Where(file => file.Room.Length > 0 && !IsStage(file.Room) && !NeutralRooms.Contains(file.Room)).Select(file => file.Path);

        Assert.That(unknown, Is.Empty);
    }

    private static bool IsStage(string room) => room.Contains('/', StringComparison.Ordinal);

    private List<string> Uses(Func<string, bool> from, Func<string, bool> of, Func<string, bool>? except = null)
    {
        var homes = _files.SelectMany(file => file.Types.Select(type => (Type: type, file.Room, file.Namespace))).Distinct()
            .GroupBy(home => home.Type).Where(homes => homes.Count() == 1).ToDictionary(homes => homes.Key, homes => homes.Single());
        return
        [
            .. from file in _files
               where @from(file.Room) && except?.Invoke(file.Path) != true
               from name in file.Identifiers
               where homes.TryGetValue(name, out var home) && home.Room != file.Room && of(home.Room) && file.Sees(home.Namespace)
               orderby file.Path, name
               select $"{file.Path} uses {name} of {homes[name].Room}",
        ];
    }

    /// <summary>The neutral room or the stage's folder; empty for files at the root, which may use everything.</summary>
    private static string RoomOf(string path)
    {
        var parts = path.Split('/')[2..^1];
        return parts switch
        {
            [] => "",
            [var area, var stage, ..] when Areas.Contains(area) => $"{area}/{stage}",
            _ => parts[0],
        };
    }

    private sealed record SourceFile(string Path, string Room, string Namespace, HashSet<string> Usings, string[] Types, HashSet<string> Identifiers)
    {
        /// <summary>Whether types of a namespace can be named here without it: other things may have a type's name.</summary>
        public bool Sees(string other) => Usings.Contains(other) || Namespace == other || Namespace.StartsWith(other + ".", StringComparison.Ordinal);
    }
}
