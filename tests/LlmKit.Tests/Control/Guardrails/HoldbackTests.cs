using System.Runtime.CompilerServices;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Guardrails;

/// <summary>How late a text is shown that could never become a match, counted in updates.</summary>
public sealed class HoldbackTests
{
    private const string Answer =
        """
        The harbour was built by fishermen who wanted a wall against the winter storms. Today it holds a market,
        two small hotels and a museum ("the best of its kind", as the guide says). What to see there:

        - the old lighthouse, which is open in the morning
        - the boats, painted in **bright** colours
        - a garden of herbs behind the church; it smells of thyme!

        Bring a coat, for it is windy even in July.
        """;

    [Test]
    public async Task Stream_OfWords_ShowsEachByTheTimeTheNextWasRead([Values] bool placeholders, [Values] bool blanksFirst)
    {
        var updates = Words(blanksFirst);
        var (shown, late) = await ShowAsync(placeholders, updates);

        Assert.That(shown, Is.EqualTo(Answer));
        Assert.That(late.Select(index => updates[index]), Is.Empty);
    }

    [Test]
    public async Task Stream_OfLines_ShowsEachByTheTimeTheNextWasRead([Values] bool placeholders)
    {
        string[] updates = [.. Answer.Split('\n').Select((line, index) => index == 0 ? line : "\n" + line)];
        var (shown, late) = await ShowAsync(placeholders, updates);

        Assert.That(shown, Is.EqualTo(Answer));
        Assert.That(late.Select(index => updates[index]), Is.Empty);
    }

    /// <summary>Gives what was shown, and which updates were not shown whole when the one after them had been read.</summary>
    private static async Task<(string Shown, List<int> Late)> ShowAsync(bool placeholders, string[] updates)
    {
        var shown = "";
        var late = new List<int>();
        var read = 0;
        var model = new WatchedStream(new ScriptedChatClient(ScriptedAnswer.Text(updates)), () =>
        {
            // Whoever asks for an update has done what it does with all before it.
            if (read is >= 2 and var count && count <= updates.Length && shown.Length < updates.Take(count - 1).Sum(text => text.Length))
                late.Add(count - 2);
            read++;
        });
        using var host = PipelineHost.For(model, builder => builder.UseGuardrails(rules =>
        {
            rules.RedactPersonalData().RedactSecrets().RemoveHiddenText();
            rules.Style = placeholders ? RedactionStyle.Placeholder : RedactionStyle.Label;
        }));

        await foreach (var update in host.Chat.GetStreamingResponseAsync($"I am {GuardrailRig.Mail}."))
            shown += update.Text;
        return (shown, late);
    }

    private static string[] Words(bool blanksFirst)
    {
        var words = new List<string> { "" };
        foreach (var c in Answer)
        {
            var isBlank = char.IsWhiteSpace(c);
            var wasBlank = words[^1].Length > 0 && char.IsWhiteSpace(words[^1][^1]);
            if (blanksFirst ? isBlank && !wasBlank : !isBlank && wasBlank)
                words.Add("");
            words[^1] += c;
        }

        return [.. words];
    }

    private sealed class WatchedStream(IChatClient inner, Action reading) : DelegatingChatClient(inner)
    {
        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await foreach (var update in base.GetStreamingResponseAsync(messages, options, cancellationToken))
            {
                reading();
                yield return update;
            }
        }
    }
}
