using LlmKit.Internal;
using LlmKit.Text;
using LlmKit.Text.Injection;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at one request: takes out what is to be taken out, and finds what blocks it.</summary>
internal sealed partial class RequestRail(RailContext context, IReadOnlyList<ChatMessage> messages)
{
    private const string Removed = "[removed]";
    private const int NoContent = -1;

    private readonly RequestDraft _draft = new(messages);
    private readonly Turns _turns = new(messages, context.Policy.BlockedAnswer);
    private RailBlock? _block;
    private List<RequestText>? _toGuard;
    private HashSet<string>? _found;
    private string? _instructions;
    private bool _avoided;

    private GuardrailPolicy Policy => context.Policy;

    public RequestLook Look(ChatOptions options)
    {
        _instructions = options.Instructions;
        // What is not sent need not be read; who only observes reads it all the same.
        if (Policy.MostRequestLength is { } most && IsLonger(most))
        {
            Block(new(Rail.Input, RailVerdict.Block, "request-length", Observed: false));
            if (!Policy.Observe)
                return new(_draft, options, _block, []);
        }

        for (var i = 0; i < messages.Count; i++)
        {
            if (_turns.WasRefused(i))
                Remove(messages[i], i);
            else
                Look(messages[i], i);
        }

        options = LookAtInstructions(options);
        if (_found is not null && !Policy.Observe)
            Policy.Bindings.Apply(context.Call, _found);
        return new(_draft, options, _block, _toGuard ?? []);
    }

    /// <summary>Takes all out of a message but what ties a result to its tool call, and what the application says of its own.</summary>
    private void Remove(ChatMessage message, int index)
    {
        _draft.SetAuthor(index, null);
        for (var i = 0; i < message.Contents.Count; i++)
        {
            var content = message.Contents[i];
            if (message.Role == ChatRole.System && !content.IsRetrieved())
                continue;
            if (ContentText.Of(content) is { } text)
                context.Salt(text);
            if (ContentText.Without(content, Removed) is { } rest)
                _draft.Set(index, i, rest);
        }
    }

    private void Look(ChatMessage message, int index)
    {
        if (LookAtName(message.AuthorName, message, index) is { } author)
            _draft.SetAuthor(index, author);
        _suspected?.Clear();
        _onTopic?.Clear();
        for (int i = 0, end; i < message.Contents.Count; i = end)
        {
            end = TextRow.EndOf(message.Contents, i);
            if (end - i > 1)
                LookAtRow(message, index, i, end);
            else
                LookAt(message.Contents[i], message, index, i);
        }

        if (message.Contents.Count > 1)
        {
            LookAcross(message, index, Rail.Input);
            LookAcross(message, index, Rail.Retrieved);
        }

        AddToGuard(message, index);
    }

    private void LookAt(AIContent content, ChatMessage message, int index, int i)
    {
        if (content is DataContent file && LookAtName(file.Name, message, index) is { } name)
            _draft.Set(index, i, content = ContentText.Named(file, name));
        if (content is FunctionCallContent { Arguments.Count: > 0 } call)
            LookAtArguments(call, index, i);
        else if (content is UriContent link)
            LookAtUri(link, index, i);
        else if (ContentText.Of(content) is { Length: > 0 } text && LookAt(PlaceOf(content, message, index, i, text)) is { } changed)
            _draft.Set(index, i, ContentText.With(content, changed));
    }

    private RequestText PlaceOf(AIContent content, ChatMessage message, int index, int i, string text)
    {
        var rail = ContentText.RailOf(content);
        return new(rail, message.Role, index, i, text, _turns.IsNew(index, rail));
    }

    /// <summary>A name of an author or a file goes to the provider beside the text. Guards are not asked about names.</summary>
    private string? LookAtName(string? name, ChatMessage message, int index) =>
        name is { Length: > 0 } ? LookAt(new(Rail.Input, message.Role, index, NoContent, name, _turns.IsNew(index, Rail.Input))) : null;

    /// <summary>Gives what to send in the place of a text; <see langword="null"/> to send the text itself.</summary>
    private string? LookAt(in RequestText place)
    {
        var rules = Policy.RulesOf(place.Rail);
        if (rules.IsIdle)
            return null;
        var changed = Redact(rules, place);
        changed = LookForInjection(rules, place, changed);
        return LookForTopics(rules, place, changed);
    }

    private string? Redact(RailRules rules, in RequestText place)
    {
        Watch(rules, place.Rail, place.Message, place.Text);
        return rules.Redactor?.Examine(place.Text) is { IsEmpty: false } findings
            ? rules.Redactor.Replace(place.Text, Taken(place, findings), context.Placeholders)
            : null;
    }

    private void Watch(RailRules rules, Rail rail, int message, string text, int from = 0)
    {
        if (rules.Flagger?.Examine(text, from) is { IsEmpty: false } flagged)
            Flagged(rail, message, flagged.Replaced);
        if (rules.Trial?.Examine(text, from) is { IsEmpty: false } tried)
            rules.AddTried(context, rail, tried.Replaced, message);
    }

    private void Flagged(Rail rail, int message, IReadOnlyList<TextHit> hits)
    {
        context.Found(rail, RailVerdict.Flag, hits, message);
        Note(hits);
    }

    /// <summary>Records what was found, and gives what is to be taken out.</summary>
    private List<TextHit> Taken(in RequestText place, in TextFindings findings)
    {
        Note(findings.Replaced);
        Note(findings.Stopping);
        context.Found(place.Rail, RailVerdict.Redact, findings.Replaced, place.Message);
        if (findings.Stopping.Count > 0 && place.IsNew)
        {
            context.Found(place.Rail, RailVerdict.Block, findings.Stopping, place.Message);
            _block ??= new(place.Rail, findings.Stopping[0].Rule);
        }

        List<TextHit> hits = [.. findings.Replaced, .. findings.Stopping];
        if (findings.Stopping.Count > 0)
            HitMerger.Merge(hits);
        context.Salt(place.Text, hits);
        AvoidWritten();
        return hits;
    }

    /// <summary>What looks like a placeholder and was written by somebody must stand for nothing.</summary>
    private void AvoidWritten()
    {
        if (_avoided || !Policy.IsReversible)
            return;
        _avoided = true;
        context.Placeholders.Avoid(_instructions ?? "");
        foreach (var message in messages)
        {
            context.Placeholders.Avoid(message.AuthorName ?? "");
            if (message.Contents.Count > 1)
                context.Placeholders.Avoid(message.Text);
            foreach (var content in message.Contents)
            {
                context.Placeholders.Avoid((content as DataContent)?.Name ?? "");
                if (ContentText.Of(content) is { } text)
                    context.Placeholders.Avoid(text);
                if (content is FunctionCallContent { Arguments: { } arguments })
                    JsonTexts.Change(arguments, Avoid);
            }
        }
    }

    private string? Avoid(string? name, string text)
    {
        context.Placeholders.Avoid(text);
        return null;
    }

    private string? LookForInjection(RailRules rules, in RequestText place, string? changed)
    {
        if (rules.Injections.Length == 0 || place.IsOwn || InjectionText.Evaluate(place.Text) is not { IsSuspected: true } verdict)
            return changed;
        (_suspected ??= []).Add(place.Content);
        return Judge(rules, place, verdict, changed);
    }

    private string? Judge(RailRules rules, in RequestText place, in InjectionVerdict verdict, string? changed)
    {
        foreach (var rule in rules.Injections)
        {
            if (place.IsNew || rule.Verdict == RailVerdict.Rewrite)
                context.Found(place.Rail, rule.Verdict, verdict.Hits, place.Message, rule.Observed);
            if (rule.Observed || rule.Verdict == RailVerdict.Flag)
                continue;
            if (rule.Verdict == RailVerdict.Block && place.IsNew)
                _block ??= new(place.Rail, InjectionText.Rule);
            context.Salt(place.Text);
            changed = Removed;
        }

        return changed;
    }

    private string? LookForTopics(RailRules rules, in RequestText place, string? changed)
    {
        if (place.IsApplications)
            return changed;
        foreach (var topic in rules.Topics)
        {
            if (Concerns(topic, place) && TopicWatch.IsAbout(topic, place.Text))
                changed = Judge(topic, place, changed);
        }

        return changed;
    }

    private static bool Concerns(TopicRule topic, in RequestText place) => place.IsNew || topic.Blocks;

    private string? Judge(TopicRule topic, in RequestText place, string? changed)
    {
        (_onTopic ??= []).Add((topic, place.Content));
        if (place.IsNew)
            context.Findings.Add(new(place.Rail, topic.Verdict, topic.Name, topic.Observed));
        if (!topic.Blocks)
            return changed;
        if (place.IsNew)
            _block ??= new(place.Rail, topic.Name);
        context.Salt(place.Text);
        return Removed;
    }

    private void LookAtArguments(FunctionCallContent call, int message, int content)
    {
        var rules = Policy.RulesOf(Rail.Input);
        if (rules.Redactor is null && rules.Watcher is null)
            return;
        var changed = JsonTexts.Change(call.Arguments!, (name, text) => Cleaned(rules, name, text, message));
        if (changed is not null)
            _draft.Set(message, content, ContentText.With(call, changed));
    }

    /// <summary>The name of an argument explains its value: it is context.</summary>
    private string? Cleaned(RailRules rules, string? name, string text, int message)
    {
        var (named, from) = ($"{name}: {text}", (name?.Length ?? 0) + 2);
        Watch(rules, Rail.Input, message, named, from);
        return rules.Redactor?.Examine(named, from) is { IsEmpty: false } findings
            ? rules.Redactor.Replace(named, Taken(new(Rail.Input, ChatRole.Assistant, message, NoContent, named, IsNew: false), findings), context.Placeholders)[from..]
            : null;
    }

    /// <summary>An address cannot be rewritten, it would lead nowhere: what would be taken out of a text stops the request.</summary>
    private void LookAtUri(UriContent link, int message, int content)
    {
        var rail = ContentText.RailOf(link);
        var rules = Policy.RulesOf(rail);
        foreach (var (text, from) in AttachmentUri.PartsOf(link.Uri))
        {
            Watch(rules, rail, message, text, from);
            if (rules.Redactor?.Examine(text, from) is not { IsEmpty: false } findings)
                continue;
            Note(findings.Stopping);
            Note(findings.Replaced);
            context.Salt(text);
            _draft.Set(message, content, new TextContent(Removed));
            if (_turns.IsNew(message, rail))
                Block(new(rail, RailVerdict.Block, (findings.Stopping.Count > 0 ? findings.Stopping : findings.Replaced)[0].Rule, Observed: false) { Reason = "attachment-uri" });
        }
    }

    private ChatOptions LookAtInstructions(ChatOptions options)
    {
        if (options.Instructions is not { Length: > 0 } instructions)
            return options;
        if (LookAt(new(Rail.Input, ChatRole.System, 0, NoContent, instructions, IsNew: true)) is not { } changed)
            return options;
        var copy = options.CloneApart();
        copy.Instructions = changed;
        return copy;
    }

    private void Block(RailFinding finding)
    {
        context.Findings.Add(finding);
        _block ??= new(finding.Rail, finding.Rule);
    }

    private void Note(IReadOnlyList<TextHit> hits)
    {
        for (var i = 0; i < hits.Count; i++)
            (_found ??= new(StringComparer.Ordinal)).Add(hits[i].Entity);
    }

    /// <summary>Whether instructions and texts together are longer; those of a refused turn are not sent.</summary>
    private bool IsLonger(int most)
    {
        long length = _instructions?.Length ?? 0;
        for (var i = 0; i < messages.Count && length <= most; i++)
        {
            foreach (var content in _turns.WasRefused(i) ? [] : messages[i].Contents)
                length += ContentText.Of(content)?.Length ?? 0;
        }

        return length > most;
    }
}
