using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmKit.Text.Placeholders;

/// <summary>Puts values back where an answer names their placeholders, in one text, whole or as it streams.</summary>
/// <remarks>
/// However the text is cut, the result is the same; at most a placeholder's length is held back, and only from an opening bracket on. Not
/// thread-safe: one instance for one text.
/// </remarks>
/// <param name="placeholders">The request's placeholders.</param>
/// <param name="isJson">Whether the text is JSON, so that values are escaped; <see langword="null"/> lets its first character tell.</param>
internal sealed class PlaceholderRestorer(PlaceholderMap placeholders, bool? isJson = null)
{
    private readonly StringBuilder _held = new();
    private bool? _isJson = isJson;
    private bool _isBracketed;

    public int Held => _held.Length;

    /// <summary>Gets whether a value was put back.</summary>
    public bool HasRestored { get; private set; }

    /// <summary>Puts the values back into a whole text; the same reference if it names none.</summary>
    public static string Restore(string text, PlaceholderMap placeholders, bool? isJson = null)
    {
        if (placeholders.IsEmpty || !text.Contains('['))
            return text;
        var restorer = new PlaceholderRestorer(placeholders, isJson);
        var start = restorer.Append(text);
        return restorer.Held == 0 ? start : start + restorer.Complete();
    }

    /// <summary>Takes the next piece and gives what can be shown now; the same reference if that is just the piece.</summary>
    public string Append(string piece)
    {
        _isJson ??= LooksLikeJson(piece);
        if (_held.Length == 0 && !piece.Contains('['))
            return piece;
        var text = _held.Length == 0 ? piece : _held.Append(piece).ToString();
        _held.Clear();
        return Restored(text);
    }

    /// <summary>Ends the text and gives what was held back: no placeholder came of it.</summary>
    public string Complete()
    {
        var rest = _held.ToString();
        _held.Clear();
        return rest;
    }

    private string Restored(string text)
    {
        StringBuilder? output = null;
        var position = 0;
        for (var start = PlaceholderText.NextStart(text, 0); start < text.Length; start = PlaceholderText.NextStart(text, start + 1))
        {
            var length = PlaceholderText.LengthAt(text.AsSpan(start));
            if (length < 0)
            {
                _held.Append(text, start, text.Length - start);
                return output is null ? text[..start] : output.Append(text, position, start - position).ToString();
            }

            if (length == 0 || placeholders.Find(text.AsSpan(start, length)) is not { } value)
                continue;
            (output ??= new()).Append(text, position, start - position).Append(Written(value));
            HasRestored = true;
            position = start + length;
            start = position - 1;
        }

        return output is null ? text : output.Append(text, position, text.Length - position).ToString();
    }

    private string Written(string value) =>
        _isJson == true ? JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString() : value;

    // A bracket of an array is followed by a value, a placeholder's by its kind. Either may come in a later piece.
    private bool? LooksLikeJson(ReadOnlySpan<char> piece)
    {
        var text = piece.TrimStart();
        if (!_isBracketed)
        {
            if (text is not ['[', ..])
                return text.IsEmpty ? null : text[0] == '{';
            _isBracketed = true;
            text = text[1..].TrimStart();
        }

        return text.IsEmpty ? null : text[0] is '{' or '"' or '[' or ']';
    }
}
