using LlmKit.Internal;
using LlmKit.Text;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Looks at one request: takes out what is to be taken out, and finds what blocks it.</summary>
internal sealed class RequestRail(RailContext context, IReadOnlyList<ChatMessage> messages)
{
    private const string Removed = "[removed]";

    private readonly RequestDraft _draft = new(messages);
    private RailBlock? _block;
    private List<RequestText>? _toGuard;
    private HashSet<string>? _found;
    private bool _avoided;

    private GuardrailPolicy Policy => context.Policy;

    public RequestLook Look(ChatOptions options)
    {
        var turns = new Turns(messages, Policy.BlockedAnswer);
        for (var i = 0; i < messages.Count; i++)
        {
            if (turns.WasRefused(i))
                Remove(messages[i], i);
            else
                Look(messages[i], i, turns.IsNew(i));
        }

        options = LookAtInstructions(options);
        if (Policy.MostRequestLength is { } most && LengthOf(_draft.Messages) > most)
            Block(new(Rail.Input, RailVerdict.Block, "request-length", Observed: false));
        if (_found is not null && !Policy.Observe)
            Policy.Bindings.Apply(context.Call, _found);
        return new(_draft, options, _block, _toGuard ?? []);
    }

    /// <summary>Takes all out of a message but what ties a result to its tool call.</summary>
    private void Remove(ChatMessage message, int index)
    {
        _draft.SetAuthor(index, null);
        for (var i = 0; i < message.Contents.Count; i++)
        {
            var content = message.Contents[i];
            if (ContentText.Of(content) is { } text)
                context.Salt(text);
            if (ContentText.Without(content, Removed) is { } rest)
                _draft.Set(index, i, rest);
        }
    }

    private void Look(ChatMessage message, int index, bool isNew)
    {
        if (LookAtName(message.AuthorName, message, index, isNew) is { } author)
            _draft.SetAuthor(index, author);
        var texts = 0;
        for (var i = 0; i < message.Contents.Count; i++)
        {
            var content = message.Contents[i];
            if (content is DataContent file && LookAtName(file.Name, message, index, isNew) is { } name)
                _draft.Set(index, i, content = ContentText.Named(file, name));
            if (content is FunctionCallContent { Arguments.Count: > 0 } call)
            {
                LookAtArguments(call, index, i);
                continue;
            }

            if (content is UriContent link)
                LookAtUri(link, index, i, isNew);
            if (ContentText.Of(content) is not { Length: > 0 } text)
                continue;
            texts++;
            var place = new RequestText(ContentText.RailOf(content), message.Role, index, i, text, isNew);
            if (LookAt(place) is { } changed)
                _draft.Set(index, i, ContentText.With(content, changed));
        }

        if (texts > 1 && isNew)
            LookAcross(message, index);
    }

    /// <summary>Gives what to send in the place of a text; <see langword="null"/> to send the text itself.</summary>
    private string? LookAt(in RequestText place)
    {
        var rules = Policy.RulesOf(place.Rail);
        var changed = LookAt(rules, place);
        if (rules.Guards.Length > 0 && place.IsNew && place.Role != ChatRole.System)
            (_toGuard ??= []).Add(place with { Text = changed ?? place.Text });
        return changed;
    }

    /// <summary>A name of an author or a file goes to the provider beside the text. Guards are not asked about names.</summary>
    private string? LookAtName(string? name, ChatMessage message, int index, bool isNew) =>
        name is { Length: > 0 } ? LookAt(Policy.RulesOf(Rail.Input), new(Rail.Input, message.Role, index, 0, name, isNew)) : null;

    private string? LookAt(RailRules rules, in RequestText place)
    {
        if (rules.IsIdle)
            return null;
        var changed = Redact(rules, place);
        changed = LookForInjection(rules, place, changed);
        return LookForTopics(rules, place, changed);
    }

    private string? Redact(RailRules rules, in RequestText place)
    {
        if (rules.Watcher?.Examine(place.Text) is { IsEmpty: false } watched)
        {
            rules.AddWatched(context, place.Rail, watched.Replaced, place.Message);
            Note(watched.Replaced);
        }

        if (rules.Redactor?.Examine(place.Text) is not { IsEmpty: false } findings)
            return null;
        Note(findings.Replaced);
        Note(findings.Stopping);
        context.Found(place.Rail, RailVerdict.Redact, findings.Replaced, place.Message);
        if (findings.Stopping.Count > 0 && place.IsNew)
        {
            context.Found(place.Rail, RailVerdict.Block, findings.Stopping, place.Message);
            _block ??= new(place.Rail, findings.Stopping[0].Rule);
        }

        return TakeOut(rules.Redactor, place.Text, findings);
    }

    private string TakeOut(TextRedactor redactor, string text, in TextFindings findings)
    {
        List<TextHit> hits = [.. findings.Replaced, .. findings.Stopping];
        if (findings.Stopping.Count > 0)
            HitMerger.Merge(hits);
        context.Salt(text, hits);
        AvoidWritten();
        return redactor.Replace(text, hits, context.Placeholders);
    }

    /// <summary>What looks like a placeholder and was written by somebody must stand for nothing.</summary>
    private void AvoidWritten()
    {
        if (_avoided || !Policy.IsReversible)
            return;
        _avoided = true;
        foreach (var message in messages)
        {
            context.Placeholders.Avoid(message.AuthorName ?? "");
            foreach (var content in message.Contents)
            {
                context.Placeholders.Avoid((content as DataContent)?.Name ?? "");
                if (ContentText.Of(content) is { } text)
                    context.Placeholders.Avoid(text);
            }
        }
    }

    private string? LookForInjection(RailRules rules, in RequestText place, string? changed)
    {
        // The application's own instructions may speak of instructions, and so may the model.
        if (rules.Injections.Length == 0 || place.Role == ChatRole.System || place.Role == ChatRole.Assistant || InjectionText.Evaluate(place.Text) is not { IsSuspected: true } verdict)
            return changed;
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
        if (place.Role == ChatRole.System)
            return changed;
        foreach (var topic in rules.Topics)
        {
            var blocks = topic.Verdict == RailVerdict.Block && !topic.Observed;
            if ((!place.IsNew && !blocks) || !TopicWatch.IsAbout(topic, place.Text))
                continue;
            if (place.IsNew)
                context.Findings.Add(new(place.Rail, topic.Verdict, topic.Name, topic.Observed));
            if (!blocks)
                continue;
            if (place.IsNew)
                _block ??= new(place.Rail, topic.Name);
            context.Salt(place.Text);
            changed = Removed;
        }

        return changed;
    }

    /// <summary>An attempt that is spread over the parts of one message.</summary>
    private void LookAcross(ChatMessage message, int index)
    {
        if (_block is not null || message.Role == ChatRole.System || Policy.RulesOf(Rail.Input).Injections is not { Length: > 0 } rules)
            return;
        var joined = string.Concat(message.Contents.OfType<TextContent>().Where(text => !text.IsRetrieved()).Select(text => text.Text));
        if (InjectionText.Evaluate(joined) is not { IsSuspected: true } verdict)
            return;
        foreach (var rule in rules)
        {
            context.Found(Rail.Input, rule.Verdict, verdict.Hits, index, rule.Observed);
            if (!rule.Observed && rule.Verdict != RailVerdict.Flag)
                _block ??= new(Rail.Input, InjectionText.Rule);
        }
    }

    private void LookAtArguments(FunctionCallContent call, int message, int content)
    {
        var rules = Policy.RulesOf(Rail.Input);
        if (rules.Redactor is null && rules.Watcher is null)
            return;
        var changed = JsonTexts.Change(call.Arguments!, (name, text) => Cleaned(rules, name, text, message));
        if (changed is not null)
            _draft.Set(message, content, new FunctionCallContent(call.CallId, call.Name, changed) { Exception = call.Exception, AdditionalProperties = call.AdditionalProperties });
    }

    /// <summary>The name of an argument explains its value: it is context.</summary>
    private string? Cleaned(RailRules rules, string name, string text, int message)
    {
        var named = $"{name}: {text}";
        if (rules.Watcher?.Examine(named, name.Length + 2) is { IsEmpty: false } watched)
        {
            rules.AddWatched(context, Rail.Input, watched.Replaced, message);
            Note(watched.Replaced);
        }

        if (rules.Redactor?.Examine(named, name.Length + 2) is not { IsEmpty: false } findings)
            return null;
        Note(findings.Replaced);
        context.Found(Rail.Input, RailVerdict.Redact, findings.Replaced, message);
        return TakeOut(rules.Redactor, named, findings)[(name.Length + 2)..];
    }

    /// <summary>An address cannot be rewritten, it would lead nowhere: what would be taken out of a text stops the request.</summary>
    private void LookAtUri(UriContent link, int message, int content, bool isNew)
    {
        var rail = ContentText.RailOf(link);
        var rules = Policy.RulesOf(rail);
        foreach (var (text, from) in AttachmentUri.PartsOf(link.Uri))
        {
            if (rules.Watcher?.Examine(text, from) is { IsEmpty: false } watched)
            {
                rules.AddWatched(context, rail, watched.Replaced, message);
                Note(watched.Replaced);
            }

            if (rules.Redactor?.Examine(text, from) is not { IsEmpty: false } findings)
                continue;
            Note(findings.Stopping);
            Note(findings.Replaced);
            context.Salt(text);
            _draft.Set(message, content, new TextContent(Removed));
            if (isNew)
                Block(new(rail, RailVerdict.Block, (findings.Stopping.Count > 0 ? findings.Stopping : findings.Replaced)[0].Rule, Observed: false) { Reason = "attachment-uri" });
        }
    }

    private ChatOptions LookAtInstructions(ChatOptions options)
    {
        if (options.Instructions is not { Length: > 0 } instructions)
            return options;
        if (LookAt(new(Rail.Input, ChatRole.System, 0, 0, instructions, IsNew: true)) is not { } changed)
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

    private static int LengthOf(IReadOnlyList<ChatMessage> messages)
    {
        var length = 0;
        foreach (var message in messages)
        {
            foreach (var content in message.Contents)
                length += ContentText.Of(content)?.Length ?? 0;
        }

        return length;
    }
}
