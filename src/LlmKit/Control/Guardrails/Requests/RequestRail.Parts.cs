using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Messages of several parts: models read them together.</summary>
internal sealed partial class RequestRail
{
    private HashSet<int>? _suspected;
    private HashSet<(TopicRule Topic, int Content)>? _onTopic;

    private void LookAtRow(ChatMessage message, int index, int first, int end)
    {
        var row = new TextRow(message.Contents.Take(first..end));
        var place = PlaceOf(message.Contents[first], message, index, first, row.Text);
        var rules = Policy.RulesOf(place.Rail);
        if (rules.IsIdle || row.Text.Length == 0)
            return;
        var changed = Redact(rules, place, row);
        for (var i = first; i < end; i++)
        {
            var part = (TextContent)message.Contents[i];
            var partPlace = place with { Content = i, Text = part.Text };
            var left = LookForTopics(rules, partPlace, LookForInjection(rules, partPlace, changed?[i - first]));
            if (left is not null)
                _draft.Set(index, i, ContentText.With(part, left));
        }
    }

    private string?[]? Redact(RailRules rules, in RequestText place, TextRow row)
    {
        if (rules.Flagger is not null && row.Examine(rules.Flagger) is { IsEmpty: false } flagged)
            Flagged(place.Rail, place.Message, flagged.Replaced);
        if (rules.Trial is not null && row.Examine(rules.Trial) is { IsEmpty: false } tried)
            rules.AddTried(context, place.Rail, tried.Replaced, place.Message);
        return rules.Redactor is not null && row.Examine(rules.Redactor) is { IsEmpty: false } findings
            ? row.Replace(rules.Redactor, Taken(place, findings), context.Placeholders, Removed)
            : null;
    }

    /// <summary>What no part says by itself, and all of one rail say together, wherever they stand in the message.</summary>
    private void LookAcross(ChatMessage message, int index, Rail rail)
    {
        var rules = Policy.RulesOf(rail);
        var place = new RequestText(rail, message.Role, index, NoContent, "", _turns.IsNew(index, rail));
        if (rules.Injections.Length > 0 && !place.IsOwn)
            LookAcrossForInjection(rules, message, place);
        foreach (var topic in place.IsApplications ? [] : rules.Topics)
        {
            if (Concerns(topic, place))
                LookAcrossFor(topic, message, place);
        }
    }

    private void LookAcrossForInjection(RailRules rules, ChatMessage message, in RequestText place)
    {
        var parts = PartsOf(message, place.Rail, part => _suspected?.Contains(part) == true);
        if (parts.Count < 2)
            return;
        var row = new TextRow(parts.Select(part => message.Contents[part]));
        if (InjectionText.Evaluate(row.Text) is not { IsSuspected: true } verdict)
            return;
        // Documents have nothing to do with each other: some faint signs in each make no attempt.
        if (place.Rail == Rail.Retrieved && !verdict.Hits.Any(hit => row.Crosses(hit)))
            return;
        if (Judge(rules, place with { Text = row.Text }, verdict, null) is not null)
            Remove(message, place.Message, parts);
    }

    private void LookAcrossFor(TopicRule topic, ChatMessage message, in RequestText place)
    {
        var parts = PartsOf(message, place.Rail, part => _onTopic?.Contains((topic, part)) == true);
        if (parts.Count < 2)
            return;
        var text = new TextRow(parts.Select(part => message.Contents[part])).Text;
        if (TopicWatch.IsAbout(topic, text) && Judge(topic, place with { Text = text }, null) is not null)
            Remove(message, place.Message, parts);
    }

    private void Remove(ChatMessage message, int index, List<int> parts)
    {
        foreach (var part in parts)
            _draft.Set(index, part, ContentText.With(message.Contents[part], Removed));
    }

    private static List<int> PartsOf(ChatMessage message, Rail rail, Func<int, bool> wasTold) =>
        [.. Enumerable.Range(0, message.Contents.Count).Where(i => message.Contents[i] is TextContent { Text.Length: > 0 } part && ContentText.RailOf(part) == rail && !wasTold(i))];

    /// <summary>Lists what guards are to look at, as it is left: texts in a row as one, and each document by itself.</summary>
    private void AddToGuard(ChatMessage message, int index)
    {
        for (int i = 0, end; i < message.Contents.Count; i = end)
        {
            var content = message.Contents[i];
            var place = PlaceOf(content, message, index, i, "");
            end = place.Rail == Rail.Input ? TextRow.EndOf(message.Contents, i) : i + 1;
            if (Policy.RulesOf(place.Rail).Guards.Length == 0 || !place.IsNew || place.IsApplications || content is UriContent)
                continue;
            var text = string.Concat(_draft.Messages[index].Contents.Take(i..end).Select(ContentText.Of));
            if (text.Length > 0)
                (_toGuard ??= []).Add(place with { Text = text, Count = end - i });
        }
    }
}
