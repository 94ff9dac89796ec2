using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Text.Placeholders;
using Microsoft.Extensions.AI;

namespace LlmKit.Control.Guardrails;

/// <summary>Holds one answer to its form: lets the model repair it, asks another model, or gives it up.</summary>
internal sealed class FormatRail(RailContext context, IChatClient inner, FormatRule rule)
{
    private const string RuleName = "format";

    /// <summary>Gives the answer that has the form; what was given up is blocked.</summary>
    public async ValueTask<GuardedText> EnsureAsync(string answer, CancellationToken cancellationToken)
    {
        var errors = Check(answer);
        if (errors.Count == 0)
            return new(answer, null);
        if (rule.Observed || context.Policy.Observe)
        {
            context.Findings.Add(new(Rail.Output, RailVerdict.Rewrite, RuleName, rule.Observed));
            return new(answer, null);
        }

        var repaired = answer;
        for (var i = 0; i < rule.Options.MostRepairs && errors.Count > 0; i++)
            (repaired, errors) = await AskAsync(inner, "repair", repaired, errors, cancellationToken).ConfigureAwait(false);
        if (errors.Count > 0 && rule.Options.EscalateTo is { } model)
            (repaired, errors) = await AskAsync(context.ModelNamed(model), "escalation", repaired, errors, cancellationToken).ConfigureAwait(false);
        return errors.Count == 0 ? Repaired(repaired) : GivenUp();
    }

    /// <summary>Whether an answer has not the form that it is held to.</summary>
    public bool Breaks(string answer) => !rule.Observed && !context.Policy.Observe && Check(answer).Count > 0;

    /// <summary>Says what is wrong with the form of an answer, in which values of the request stand again where they will.</summary>
    private IReadOnlyList<string> Check(string answer) =>
        rule.Format.Check(PlaceholderRestorer.Restore(answer, context.Placeholders, AnswerRestorer.IsJson(context.Options)), context.Options);

    private GuardedText Repaired(string answer)
    {
        context.Call.Mark(AnswerMarks.Repaired);
        context.Findings.Add(new(Rail.Output, RailVerdict.Rewrite, RuleName, Observed: false));
        return new(answer, null, RuleName);
    }

    /// <summary>Gives the answer up.</summary>
    public GuardedText GivenUp()
    {
        if (rule.Options.FallbackAnswer is { } fallback)
            return Repaired(fallback);
        context.Findings.Add(new(Rail.Output, RailVerdict.Block, RuleName, Observed: false));
        return new("", RuleName);
    }

    /// <summary>Shows a model the answer and what is wrong with it. What it says is looked at like any answer.</summary>
    private async ValueTask<(string Answer, IReadOnlyList<string> Errors)> AskAsync(
        IChatClient client, string purpose, string answer, IReadOnlyList<string> errors, CancellationToken cancellationToken)
    {
        List<ChatMessage> conversation =
        [
            .. context.Messages,
            new(ChatRole.Assistant, answer),
            new(ChatRole.User, $"Your answer has not the required form:\n- {string.Join("\n- ", errors)}\nGive the corrected answer and nothing else."),
        ];
        var response = await client.GetResponseAsync(conversation, OptionsFor(purpose), cancellationToken).ConfigureAwait(false);
        return LookedAt(response.Text) is { } text ? (text, Check(text)) : (answer, errors);
    }

    /// <summary>Lets a repaired answer through all the rules that an answer goes through; <see langword="null"/> when one of them stops it.</summary>
    private string? LookedAt(string repaired)
    {
        var reader = new AnswerReader(context);
        var contents = reader.Flow.Take([new TextContent(repaired)]);
        var text = string.Concat(contents.Append(reader.Flow.Complete()).OfType<TextContent>().Select(part => part.Text));
        reader.Leave();
        return reader.Block is null ? text : null;
    }

    private LlmCallOptions OptionsFor(string purpose)
    {
        var options = context.Call.Child(purpose);
        options.Instructions = context.Options.Instructions;
        options.ResponseFormat = context.Options.ResponseFormat;
        options.MaxOutputTokens = context.Options.MaxOutputTokens;
        options.Temperature = context.Options.Temperature;
        StageSampling.Note(options, StageSampling.Of(context.Options) & SamplingParameters.Temperature);
        return options;
    }
}
