using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Caching;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Lookup;

public class RequestKeysProperties
{
    private static readonly string?[] Words = [null, "", "a", "b", "ab", "ba", "a\0b", "\0"];

    /// <summary>What tells requests apart; few values each, so that two drawn requests often differ in one of them only.</summary>
    private sealed record Request(string? Tenant, string? User, string? Model, string? System, string? Tool, string? Stop, string? History, string? Salt, string? Question);

    [Test]
    public void Of_TwoRequests_ShareAKeyOnlyWhenTheyAreEqual()
    {
        var word = Gen.Elements(Words);
        var pairs = from a in word.ArrayOf(9)
                    from b in word.ArrayOf(9)
                    from same in Gen.Elements(true, false).ArrayOf(9)
                    select (One: Make(a), Other: Make([.. a.Select((value, i) => same[i] || same[(i + 1) % 9] ? value : b[i])]));

        Prop.ForAll(pairs.ToArbitrary(), pair => (KeyOf(pair.One).Exact == KeyOf(pair.Other).Exact) == (pair.One == pair.Other)
            && (KeyOf(pair.One).Partition == KeyOf(pair.Other).Partition) == (pair.One == pair.Other with { Question = pair.One.Question }))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    private static Request Make(string?[] words) =>
        new(words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7], words[8] ?? "q");

    private static RequestKeysTests.Keys KeyOf(Request request)
    {
        List<ChatMessage> messages = [];
        if (request.System is not null)
            messages.Add(new(ChatRole.System, request.System));
        if (request.History is not null)
            messages.Add(new(ChatRole.User, request.History));
        messages.Add(new(ChatRole.User, request.Question));
        return RequestKeysTests.Of([.. messages], options =>
        {
            options.Tenant = request.Tenant;
            options.User = request.User;
            options.Model = request.Model;
            if (request.Tool is { } tool)
                options.Tools = [RequestKeysTests.Tool("f", tool, "{}")];
            if (request.Stop is { } stop)
                options.StopSequences = [stop];
            if (request.Salt is { } salt)
                options.Call!.AddSalt(System.Text.Encoding.UTF8.GetBytes(salt));
        });
    }
}
