using System.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>The texts of an answer, or its reasoning, as one text as far as it has come; how far guards have looked, and what they put in the place of it.</summary>
internal sealed class GatedText(bool isReasoning)
{
    private readonly StringBuilder _text = new();
    private string? _replacement;
    private int _looked;
    private int _begun;

    public bool IsReasoning => isReasoning;

    public string All => _text.ToString();

    /// <summary>Gets how much has come since guards last looked.</summary>
    public int Unseen => _text.Length - _looked;

    /// <summary>Gets how much has come since guards beside the answer last began to look.</summary>
    public int UnseenBeside => _text.Length - _begun;

    public void Append(IEnumerable<AIContent> contents)
    {
        foreach (var content in contents)
            _text.Append(TextOf(content));
    }

    /// <summary>Gives what guards are to look at now: what has come, and the end of what came before.</summary>
    public TextWindow Next(int overlap)
    {
        var window = WindowFrom(_looked, overlap);
        _looked = _text.Length;
        return window;
    }

    /// <summary>Gives what guards beside the answer are to look at now.</summary>
    public TextWindow NextBeside(int overlap)
    {
        var window = WindowFrom(_begun, overlap);
        _begun = _text.Length;
        return window;
    }

    /// <summary>Puts another text in the place of what is held.</summary>
    public void Replace(string text) => _replacement = text;

    /// <summary>Gives contents with the replacement, once, where the first of their texts stood; the same contents where nothing is replaced.</summary>
    public IList<AIContent> Put(IList<AIContent> contents)
    {
        if (_replacement is null || !contents.Any(IsOne))
            return contents;
        var output = new List<AIContent>(contents.Count);
        foreach (var content in contents)
        {
            if (!IsOne(content))
                output.Add(content);
            else if (_replacement is { Length: > 0 } text)
                output.Add(ContentText.With(content, text));
            if (IsOne(content))
                _replacement = "";
        }

        return output;
    }

    /// <summary>Ends the replacement: what comes now is another part of the text.</summary>
    public void EndReplacement() => _replacement = null;

    private TextWindow WindowFrom(int start, int overlap)
    {
        var before = Math.Max(0, start - overlap);
        return new(_text.ToString(before, _text.Length - before), start - before, before == 0);
    }

    private bool IsOne(AIContent content) => isReasoning ? content is TextReasoningContent : content is TextContent;

    private string? TextOf(AIContent content) => IsOne(content) ? ContentText.Of(content) : null;
}
