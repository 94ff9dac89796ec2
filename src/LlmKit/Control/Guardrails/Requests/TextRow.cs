using System.Text;
using LlmKit.Text;
using LlmKit.Text.Placeholders;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Text contents of one rail in a row: models read them as one text, so what crosses from one to the next is looked for too.</summary>
internal sealed class TextRow
{
    private readonly string[] _parts;

    public TextRow(IEnumerable<AIContent> contents)
    {
        _parts = [.. contents.Cast<TextContent>().Select(content => content.Text)];
        Text = string.Concat(_parts);
    }

    public string Text { get; }

    /// <summary>Gives the index behind the row that begins at a content; a content that is no text is a row of one.</summary>
    public static int EndOf(IList<AIContent> contents, int first)
    {
        var end = first + 1;
        if (contents[first] is not TextContent)
            return end;
        while (end < contents.Count && contents[end] is TextContent next && ContentText.RailOf(next) == ContentText.RailOf(contents[first]))
            end++;
        return end;
    }

    /// <summary>Whether a match goes over the end of a part.</summary>
    public bool Crosses(in TextHit hit)
    {
        var end = 0;
        foreach (var part in _parts)
        {
            end += part.Length;
            if (hit.Start < end)
                return hit.End > end;
        }

        return false;
    }

    /// <summary>Finds what the parts hold, each by itself and all together: some models read them apart.</summary>
    public TextFindings Examine(TextRedactor redactor)
    {
        List<TextHit> replaced = [];
        List<TextHit> stopping = [];
        Add(redactor.Examine(Text), 0);
        var start = 0;
        foreach (var part in _parts)
        {
            Add(redactor.Examine(part), start);
            start += part.Length;
        }

        HitMerger.Merge(replaced);
        stopping.Sort(HitMerger.ByPlace);
        return new(replaced, [.. stopping.DistinctBy(hit => (hit.Start, hit.Length, hit.Rule, hit.Owner))]);

        void Add(in TextFindings found, int offset)
        {
            replaced.AddRange(found.Replaced.Select(hit => hit with { Start = hit.Start + offset }));
            stopping.AddRange(found.Stopping.Select(hit => hit with { Start = hit.Start + offset }));
        }
    }

    /// <summary>Gives each part with matches replaced; <see langword="null"/> for a part that stays. What stands for a match that crosses stands where it begins.</summary>
    /// <param name="redactor">Whose matches they are.</param>
    /// <param name="hits">The matches, ordered and free of overlaps.</param>
    /// <param name="placeholders">The request's placeholders.</param>
    /// <param name="nothing">What stands for a part of which nothing is left: providers refuse empty ones.</param>
    public string?[] Replace(TextRedactor redactor, IReadOnlyList<TextHit> hits, PlaceholderMap placeholders, string nothing)
    {
        var output = new string?[_parts.Length];
        var start = 0;
        for (var i = 0; i < _parts.Length; i++)
        {
            var end = start + _parts[i].Length;
            var within = hits.Where(hit => hit.Start < end && hit.End > start && end > start).ToList();
            if (within.Count > 0)
            {
                var rest = Replace(redactor, within, placeholders, start, end);
                output[i] = rest.Length == 0 && within[0].Start < start ? nothing : rest;
            }

            start = end;
        }

        return output;
    }

    private string Replace(TextRedactor redactor, List<TextHit> hits, PlaceholderMap placeholders, int start, int end)
    {
        var output = new StringBuilder();
        var position = start;
        foreach (var hit in hits)
        {
            if (hit.Start >= start)
            {
                output.Append(Text, position, hit.Start - position);
                redactor.Write(output, hit, Text.AsSpan(hit.Start, hit.Length), placeholders);
            }

            position = Math.Min(hit.End, end);
        }

        return output.Append(Text, position, end - position).ToString();
    }
}
