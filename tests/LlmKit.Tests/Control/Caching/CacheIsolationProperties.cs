using FsCheck;
using FsCheck.Fluent;
using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Tests.Support;
using LlmKit.Text;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

/// <summary>Whose answers may meet, with every tier on and an embedder to which all texts look alike.</summary>
public sealed class CacheIsolationProperties
{
    private static readonly Config Often = Config.QuickThrowOnFailure.WithMaxTest(2_500);

    private static Arbitrary<int[]> Numbers => Gen.Choose(int.MinValue, int.MaxValue).ArrayOf().ToArbitrary();

    [Test]
    public void Ask_AnyRequests_ShareAnAnswerExactlyWhenOnlyTheWordingDiffers()
    {
        using var rig = new Rig(CacheSharing.User);

        Prop.ForAll(Numbers, numbers => rig.ServesEachItsOwn(DrawnRequest.From(numbers), request => request.Partition)).Check(Often);
    }

    [TestCase(CacheSharing.User)]
    [TestCase(CacheSharing.Tenant)]
    [TestCase(CacheSharing.Everyone)]
    public void Ask_ByAnyTenantsAndUsers_ShareExactlyAsThePolicySays(CacheSharing sharing)
    {
        using var rig = new Rig(sharing);

        Prop.ForAll(Numbers, numbers => rig.ServesEachItsOwn(OnlyIdentities(numbers), request => sharing switch
        {
            CacheSharing.User => request.Partition,
            CacheSharing.Tenant => $"{request.Choices[0]}",
            _ => "",
        })).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    /// <summary>Keeps tenant and user of drawn requests, which are drawn anew for each, and the same of all else.</summary>
    private static List<DrawnRequest> OnlyIdentities(int[] numbers) =>
    [
        .. DrawnRequest.From(numbers).Select((request, i) =>
        {
            var choices = new int[request.Choices.Length];
            var drawn = i < numbers.Length ? (uint)numbers[i] : 0;
            (choices[0], choices[1]) = ((int)(drawn % 4), (int)(drawn / 4 % 4));
            return request with { Choices = choices };
        }),
    ];

    /// <summary>A pipeline whose model never says the same twice.</summary>
    private sealed class Rig : IDisposable
    {
        private readonly PipelineHost _host;
        private int _answers;

        public Rig(CacheSharing sharing)
        {
            var models = DrawnRequest.Models.Select(name => (Name: name, Client: new AnsweringChatClient(() => $"answer {Interlocked.Increment(ref _answers)}"))).ToArray();
            _host = new(builder =>
            {
                foreach (var (name, client) in models)
                    builder.AddModel(name, client);
                builder.UseGuardrails(rails => rails.Redact(Rail.Input, [.. TextDetectors.PersonalData])).UseSemanticCache(cache =>
                {
                    (cache.SharedBy, cache.MatchNormalised) = (sharing, true);
                    (cache.Embedder, cache.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9);
                }).UseRouter();
            });
        }

        /// <summary>Whether each request gets the first answer of those it may share with, and a new one where there is none.</summary>
        public bool ServesEachItsOwn(List<DrawnRequest> requests, Func<DrawnRequest, string> groupOf)
        {
            _host.Chat.GetService<LlmCache>()!.Clear();
            var answers = new Dictionary<string, string>();
            foreach (var request in requests)
            {
                var (text, step) = AskAsync(request).GetAwaiter().GetResult();
                var isNew = answers.TryAdd(groupOf(request), text);
                if (answers[groupOf(request)] != text || isNew != (step.Decision == "miss"))
                    throw new InvalidOperationException($"{request} was a {step.Decision} ({step.Tier}, {step.Reason}) with '{text}' of {answers.FirstOrDefault(answer => answer.Value == text).Key}.");
            }

            return answers.Values.Distinct().Count() == answers.Count;
        }

        public void Dispose() => _host.Dispose();

        private async Task<(string Text, CacheStep Step)> AskAsync(DrawnRequest request)
        {
            var options = new LlmCallOptions();
            var messages = request.Messages(options);
            if (!request.Streamed)
            {
                var response = await _host.Chat.GetResponseAsync(messages, options);
                return (response.Text, CacheBench.Step(response.GetCall()));
            }

            var updates = await _host.Chat.GetStreamingResponseAsync(messages, options).ToListAsync();
            return (updates.ToChatResponse().Text, CacheBench.Step(updates[^1].GetCall()!));
        }
    }
}
