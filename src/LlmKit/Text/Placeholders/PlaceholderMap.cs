using System.Globalization;

namespace LlmKit.Text.Placeholders;

/// <summary>The placeholders of one request and the values they stand for.</summary>
/// <remarks>One instance for one request: nothing is shared between calls. It holds what was removed, so it belongs in no log, trace or message.</remarks>
internal sealed class PlaceholderMap
{
    private readonly Dictionary<(string Entity, string Value), string> _placeholders = [];
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    public PlaceholderMap() => _lookup = _values.GetAlternateLookup<ReadOnlySpan<char>>();

    public bool IsEmpty => _values.Count == 0;

    /// <summary>Leaves out the placeholders that a text already holds: whoever wrote them there is given nobody's value for them.</summary>
    public void Avoid(ReadOnlySpan<char> text)
    {
        for (var start = PlaceholderText.NextStart(text, 0); start < text.Length; start = PlaceholderText.NextStart(text, start + 1))
        {
            if (PlaceholderText.LengthAt(text[start..]) is var length and > 0)
                _taken.Add(text.Slice(start, length).ToString());
        }
    }

    /// <summary>Gives the placeholder of a value: the same for equal values of one kind.</summary>
    public string For(string entity, ReadOnlySpan<char> value)
    {
        var key = (entity, value.ToString());
        if (_placeholders.TryGetValue(key, out var known))
            return known;
        var placeholder = Next(entity);
        _placeholders.Add(key, placeholder);
        _values.Add(placeholder, key.Item2);
        return placeholder;
    }

    /// <summary>Gives the value that a placeholder stands for; <see langword="null"/> when it is none of this request.</summary>
    public string? Find(ReadOnlySpan<char> placeholder) => _lookup.TryGetValue(placeholder, out var value) ? value : null;

    private string Next(string entity)
    {
        while (true)
        {
            var number = _counts[entity] = _counts.GetValueOrDefault(entity) + 1;
            var placeholder = string.Create(CultureInfo.InvariantCulture, $"[{entity}_{number}]");
            if (!_taken.Contains(placeholder))
                return placeholder;
        }
    }
}
