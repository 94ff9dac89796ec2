using System.Text.Json;

namespace Evaluate;

/// <summary>One line of labelled texts. What it complains of is named by its number and never quoted.</summary>
internal readonly struct GuardLine
{
    private readonly JsonElement _root;
    private readonly int _number;

    /// <exception cref="InputException">The line is no object.</exception>
    public GuardLine(JsonElement root, int number)
    {
        (_root, _number) = (root, number);
        if (root.ValueKind != JsonValueKind.Object)
            throw Bad("it is no JSON object");
    }

    public bool Has(string name) => _root.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null;

    public string Text(string name)
    {
        if (!_root.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
            throw Bad($"\"{name}\" is no string");
        try
        {
            return member.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Bad($"\"{name}\" holds half a character");
        }
    }

    public bool Flag(string name) =>
        _root.GetProperty(name) is { ValueKind: JsonValueKind.True or JsonValueKind.False } member ? member.GetBoolean() : throw Bad($"\"{name}\" is neither true nor false");

    public int Count(string name) =>
        _root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt32(out var count) && count >= 0
            ? count
            : throw Bad($"it lacks \"spans\", and \"{name}\" is no number of matches");

    /// <summary>The spans in UTF-16 code units; the file counts code points.</summary>
    public List<(int Start, int End)> Spans(string name, string text)
    {
        var offsets = Offsets(text);
        var member = _root.GetProperty(name);
        if (member.ValueKind != JsonValueKind.Array)
            throw Bad($"\"{name}\" is no list");
        List<(int, int)> spans = [];
        foreach (var span in member.EnumerateArray())
        {
            if (span.ValueKind != JsonValueKind.Array || span.GetArrayLength() != 2
                || !IsIndex(span[0], out var start) || !IsIndex(span[1], out var end) || start >= end || end >= offsets.Count)
                throw Bad($"\"{name}\" holds no pair of a start and a later end within the text");
            spans.Add((offsets[start], offsets[end]));
        }

        return spans;
    }

    /// <summary>The least number in a member: a number, a list of them, or a list of pairs; null if there is none.</summary>
    public double? LeastNumber(string name) => _root.TryGetProperty(name, out var member) ? Least(member) : null;

    public InputException Bad(string problem) =>
        new($"Line {_number}: {problem}. Write {{\"entity\": \"…\", \"text\": \"…\", \"spans\": [[0, 9]]}} or {{\"text\": \"…\", \"attack\": true or false}}.");

    private static double? Least(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Min(Least),
        _ => null,
    };

    private static bool IsIndex(JsonElement value, out int index)
    {
        index = 0;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out index) && index >= 0;
    }

    private static List<int> Offsets(string text)
    {
        List<int> offsets = [0];
        foreach (var rune in text.EnumerateRunes())
            offsets.Add(offsets[^1] + rune.Utf16SequenceLength);
        return offsets;
    }
}
