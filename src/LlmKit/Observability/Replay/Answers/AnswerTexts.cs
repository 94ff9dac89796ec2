using System.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>The texts of an answer, redacted as a whole and cut again where they were cut: no secret hides between two pieces.</summary>
/// <remarks>What belongs together is what a reader joins: texts, reasoning, and what goes into one run of a hosted tool, such as code that comes in pieces.</remarks>
internal sealed class AnswerTexts
{
    private readonly Dictionary<string, Group> _groups = [];

    /// <param name="contents">All contents of an answer, in order.</param>
    /// <param name="redact">What takes secrets out of a text.</param>
    public AnswerTexts(IEnumerable<AIContent> contents, Func<string, string> redact)
    {
        foreach (var content in contents)
            Take(content, container: "");
        foreach (var group in _groups.Values)
            group.Redact(redact);
    }

    /// <summary>Names what goes into a tool, or comes out of it.</summary>
    public static string Inside(string container, string id) => $"{container}/{id}";

    public static bool IsText(DataContent data) =>
        data.MediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || data.MediaType.Contains("json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gives the text of the next content, asked for in the same order; <see langword="null"/> for one without, and for bytes in which nothing was found.</summary>
    public string? Next(AIContent content, string container)
    {
        if (NameOf(content) is not { } name)
            return null;
        var group = _groups[Inside(container, name)];
        var piece = group.Clean.Dequeue();
        return content is DataContent && !group.IsChanged ? null : piece;
    }

    private void Take(AIContent content, string container)
    {
        switch (content)
        {
            case CodeInterpreterToolCallContent { Inputs: { } inputs } call:
                TakeAll(inputs, Inside(container, call.CallId));
                break;
            case CodeInterpreterToolResultContent { Outputs: { } outputs } result:
                TakeAll(outputs, Inside(container, result.CallId));
                break;
            case McpServerToolResultContent { Outputs: { } outputs } result:
                TakeAll(outputs, Inside(container, result.CallId));
                break;
            case WebSearchToolResultContent { Outputs: { } outputs } result:
                TakeAll(outputs, Inside(container, result.CallId));
                break;
            case ImageGenerationToolResultContent { Outputs: { } outputs } result:
                TakeAll(outputs, Inside(container, result.CallId));
                break;
            case ToolApprovalRequestContent request:
                Take(request.ToolCall, container);
                break;
            case ToolApprovalResponseContent response:
                Take(response.ToolCall, container);
                break;
            default:
                TakeText(content, container);
                break;
        }
    }

    private void TakeAll(IList<AIContent> contents, string container)
    {
        foreach (var content in contents)
            Take(content, container);
    }

    private void TakeText(AIContent content, string container)
    {
        if (NameOf(content) is not { } name)
            return;
        if (!_groups.TryGetValue(Inside(container, name), out var group))
            _groups[Inside(container, name)] = group = new();
        group.Pieces.Add(content switch
        {
            TextContent text => text.Text,
            TextReasoningContent reasoning => reasoning.Text,
            _ => group.Decode(((DataContent)content).Data.Span),
        });
    }

    private static string? NameOf(AIContent content) => content switch
    {
        TextContent => "text",
        TextReasoningContent => "reasoning",
        DataContent data when IsText(data) => $"{data.MediaType} {data.Name}",
        _ => null,
    };

    private sealed class Group
    {
        private Decoder? _decoder;

        public List<string> Pieces { get; } = [];

        public Queue<string> Clean { get; private set; } = [];

        public bool IsChanged { get; private set; }

        public void Redact(Func<string, string> redact)
        {
            var whole = string.Concat(Pieces);
            var clean = redact(whole);
            IsChanged = clean != whole;
            Clean = new(Cut(Pieces, whole, clean));
        }

        /// <summary>Decodes a piece of UTF-8 after those before it: a character may be cut in two.</summary>
        public string Decode(ReadOnlySpan<byte> bytes)
        {
            _decoder ??= Encoding.UTF8.GetDecoder();
            var chars = new char[_decoder.GetCharCount(bytes, flush: false)];
            _decoder.GetChars(bytes, chars, flush: false);
            return new(chars);
        }
    }

    /// <summary>Cuts where the pieces ended. Inside of what changed a cut keeps its share of the length; none falls between the halves of a character.</summary>
    private static IEnumerable<string> Cut(List<string> pieces, string whole, string clean)
    {
        var prefix = whole.AsSpan().CommonPrefixLength(clean);
        var suffix = CommonSuffix(whole.AsSpan(prefix), clean.AsSpan(prefix));
        var (before, after) = (whole.Length - prefix - suffix, clean.Length - prefix - suffix);
        var start = 0;
        var offset = 0;
        for (var i = 0; i < pieces.Count; i++)
        {
            offset += pieces[i].Length;
            var end = i == pieces.Count - 1 ? clean.Length
                : offset <= prefix ? offset
                : offset >= whole.Length - suffix ? clean.Length - (whole.Length - offset)
                : prefix + (int)((long)(offset - prefix) * after / before);
            if (end > 0 && end < clean.Length && char.IsHighSurrogate(clean[end - 1]))
                end--;
            end = Math.Max(start, end);
            yield return clean[start..end];
            start = end;
        }
    }

    private static int CommonSuffix(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        var length = 0;
        while (length < Math.Min(one.Length, other.Length) && one[^(length + 1)] == other[^(length + 1)])
            length++;
        return length;
    }
}
