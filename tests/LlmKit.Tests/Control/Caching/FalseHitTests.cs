using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching;

/// <summary>The ways in which other caches answer wrongly, with an embedder to which everything looks alike: only the rest of the cache is left to tell texts apart.</summary>
[TestFixture(false, false)]
[TestFixture(false, true)]
[TestFixture(true, false)]
[TestFixture(true, true)]
public sealed class FalseHitTests(bool composed, bool streamed)
{
    [TestCase("Has parcel #K-4410 left the depot?", "Has parcel #K-4411 left the depot?", TestName = "identifier: a letter and digits")]
    [TestCase("Which warehouse keeps SKU 99871234?", "Which warehouse keeps SKU 99871243?", TestName = "identifier: digits alone")]
    [TestCase("Summarise ticket HELP-1002", "Summarise ticket HELP-1020", TestName = "identifier: in another order")]
    [TestCase("Is the deposit refundable?", "Is the deposit not refundable?", TestName = "negation: not")]
    [TestCase("Can guests enter the lounge with a badge?", "Can guests enter the lounge without a badge?", TestName = "negation: without")]
    [TestCase("Does the cover include theft?", "Doesn't the cover include theft?", TestName = "negation: contracted")]
    [TestCase("Is the contract valid abroad?", "Is the contract invalid abroad?", TestName = "negation: a prefix")]
    [TestCase("What did the bakery earn in 2018?", "What did the bakery earn in 2019?", TestName = "year: digits")]
    [TestCase("Who led the committee in the nineties?", "Who led the committee in the eighties?", TestName = "year: decades in words")]
    [TestCase("Move 120 crowns to savings", "Move 210 crowns to savings", TestName = "amount: digits")]
    [TestCase("Order four chairs for the office", "Order seven chairs for the office", TestName = "amount: words")]
    [TestCase("Convert 3.5 to a fraction", "Convert 35 to a fraction", TestName = "amount: a decimal point")]
    [TestCase("Did the fox chase the hound?", "Did the hound chase the fox?", TestName = "role: subject and object")]
    [TestCase("Does Ann owe Bob anything?", "Does Bob owe Ann anything?", TestName = "role: names")]
    [TestCase("Was the guard hit by the thief?", "Did the guard hit the thief?", TestName = "role: passive")]
    [TestCase("Does the gold plan cover dental work?", "Does the silver plan cover dental work?", TestName = "tier: known")]
    [TestCase("Can annual members bring guests?", "Can monthly members bring guests?", TestName = "tier: period")]
    [TestCase("Where do I park in Lisbon at night?", "Where do I park in Porto at night?", TestName = "entity: place")]
    [TestCase("Summarise the novel by Tolstoy", "Summarise the novel by Chekhov", TestName = "entity: person")]
    [TestCase("What is the dress code at Contoso?", "What is the dress code at Fabrikam?", TestName = "entity: company")]
    [TestCase("Will prices go up after the merger?", "Will prices go down after the merger?", TestName = "direction: up and down")]
    [TestCase("Do imports grow?", "Do imports shrink?", TestName = "direction: grow and shrink")]
    [TestCase("How long is the ferry from Dover to Calais?", "How long is the ferry from Calais to Dover?", TestName = "direction: from and to")]
    [TestCase("Is it allowed to paint the balcony?", "How do I paint the balcony?", TestName = "intent: whether and how")]
    [TestCase("How do I renew my library card?", "How do I cancel my library card?", TestName = "intent: renew and cancel")]
    [TestCase("When does the pool close?", "Why does the pool close?", TestName = "intent: question word")]
    [TestCase("Subscribe me to the newsletter", "Unsubscribe me from the newsletter", TestName = "intent: the reverse")]
    [TestCase("A fee of 15 francs is due", "A fee of 15 dollars is due", TestName = "currency: words")]
    [TestCase("Does €80 cover the night?", "Does £80 cover the night?", TestName = "currency: signs")]
    [TestCase("Is a 5 mm drill right?", "Is a 5 cm drill right?", TestName = "units: length")]
    [TestCase("Wie kann ich die Rechnung für den Monat sehen?", "Hoe kan ik de rekening van de maand zien?", TestName = "language: neighbours")]
    [TestCase("Where is the invoice for the hotel?", "¿Dónde está la factura para el hotel?", TestName = "language: English and Spanish")]
    [TestCase("Where is the harbour?", "Πού είναι το λιμάνι;", TestName = "script: Greek")]
    [TestCase("Where is the harbour?", "港はどこですか", TestName = "script: Japanese")]
    [TestCase("What does loadOrder return?", "What does loadOrders return?", TestName = "code: camel case")]
    [TestCase("Explain retry_count in the config", "Explain retry_delay in the config", TestName = "code: underscore")]
    [TestCase("Is F# good for parsers?", "Is C# good for parsers?", TestName = "code: language marks")]
    [TestCase("What changed in v2.3?", "What changed in v2.4?", TestName = "code: version")]
    [TestCase("What does \"break a leg\" mean?", "What does \"break the ice\" mean?", TestName = "quotation: double marks")]
    [TestCase("Who wrote “the long road”?", "Who wrote “the wide road”?", TestName = "quotation: curly marks")]
    [TestCase("Is the office open on Tuesday?", "Is the office open on Thursday?", TestName = "date: weekday")]
    [TestCase("Which fairs are held in April?", "Which fairs are held in June?", TestName = "date: month")]
    [TestCase("List the events of March 3", "List the events of March 13", TestName = "date: day")]
    [TestCase("Show the sales of last quarter", "Show the sales of next quarter", TestName = "date: last and next")]
    [TestCase("Flights on 03/04/2027 please", "Flights on 04/03/2027 please", TestName = "date: day and month change places")]
    [TestCase("Villages with over 300 people", "Villages with under 300 people", TestName = "comparator: over and under")]
    [TestCase("Jobs that pay at least 40 an hour", "Jobs that pay at most 40 an hour", TestName = "comparator: at least and at most")]
    [TestCase("Rooms with more than 2 beds", "Rooms with fewer than 2 beds", TestName = "comparator: more and fewer")]
    public async Task Ask_WhatOnlyLooksAlike_AsksTheModel(string one, string other)
    {
        Assert.That(await AskBothAsync(one, other), Is.EqualTo(2));
        Assert.That(await AskBothAsync(other, one), Is.EqualTo(2), "the other way round");
    }

    [TestCase("Do imports grow when the currency falls?", "Do imports shrink when the currency falls?", TestName = "direction: beside another")]
    [TestCase("How heavy is it in kilograms at 40 litres?", "How heavy is it in pounds at 40 litres?", TestName = "units: weight")]
    [TestCase("Is the travel policy generous?", "Is the parking policy generous?", TestName = "product: one word")]
    [TestCase("Does the family ticket include lunch?", "Does the student ticket include lunch?", TestName = "tier: unknown")]
    [TestCase("Which laptop is good?", "Which laptop is good for drawing?", TestName = "product: one word more")]
    [TestCase("Why did Cicero leave the city?", "Why did he leave the city?", TestName = "entity: one side only")]
    public async Task Ask_WhatOnlyLooksAlikeUnderStrictGuards_AsksTheModel(string one, string other)
    {
        Assert.That(await AskBothAsync(one, other, cache => cache.Guards = CacheGuards.Strict), Is.EqualTo(2));
        Assert.That(await AskBothAsync(other, one, cache => cache.Guards = CacheGuards.Strict), Is.EqualTo(2), "the other way round");
    }

    [TestCase("How do I change my phone number?", "How can I change the phone number?")]
    [TestCase("What is the tallest tower of Prague?", "what's Prague's tallest tower")]
    [TestCase("Where can I buy stamps?", "Where could I buy some stamps?")]
    [TestCase("Explain how photosynthesis works", "How does photosynthesis work?")]
    [TestCase("Please list the moons of Jupiter", "List the moons of Jupiter")]
    [TestCase("What are the opening hours of the museum?", "What are the museum's opening hours?")]
    [TestCase("Send 2,500 euros to savings", "send 2500 euros to savings")]
    [TestCase("How many legs do two spiders have?", "How many legs do 2 spiders have?")]
    [TestCase("Can you tell me when the shop opens?", "When does the shop open?")]
    [TestCase("Why is the sea salty?", "Why is the sea so salty?")]
    [TestCase("What is the difference between tea and coffee?", "difference between coffee and tea")]
    [TestCase("Did the council approve the plan?", "Was the plan approved by the council?")]
    public async Task Ask_TheSameInOtherWords_IsServedTheAnswer(string one, string other)
    {
        Assert.That(await AskBothAsync(one, other), Is.EqualTo(1));
        Assert.That(await AskBothAsync(other, one), Is.EqualTo(1), "the other way round");
    }

    [Test]
    public async Task Ask_TheSameAfterItsTimeToLive_AsksTheModel()
    {
        var bench = Bench(cache => cache.TimeToLive = TimeSpan.FromMinutes(10));
        await bench.AskAsync("How do refunds work?", streamed);
        bench.Time.Advance(TimeSpan.FromMinutes(11.1));

        await bench.AskAsync("How do refunds work?", streamed);
        await bench.AskAsync("How does a refund work?", streamed);

        Assert.That(bench.Asked, Is.EqualTo(2), "the exact and the similar one see the fresh answer only");
    }

    [TestCase("What is the euro worth right now?")]
    [TestCase("Who is on call this week?")]
    [TestCase("What is the latest release?")]
    public async Task Ask_WhatChangesByItself_AsksTheModelAgain(string question)
    {
        var bench = Bench(cache => cache.SharedBy = CacheSharing.Tenant);

        await bench.AskAsync(question, streamed, new() { Tenant = "acme", User = "ann" });
        await bench.AskAsync(question, streamed, new() { Tenant = "acme", User = "ann" });

        Assert.That(bench.Asked, Is.EqualTo(2));
        Assert.That(bench.Cache.Store.Count, Is.Zero);
    }

    [Test]
    public async Task Ask_TheSameByAnotherUser_AsksTheModel()
    {
        var bench = Bench();

        await bench.AskAsync("What does the handbook say of leave?", streamed, new() { Tenant = "acme", User = "ann" });
        await bench.AskAsync("What does the handbook say of leave?", streamed, new() { Tenant = "acme", User = "bob" });
        await bench.AskAsync("What does the handbook say about leave?", streamed, new() { Tenant = "acme", User = "cid" });

        Assert.That(bench.Asked, Is.EqualTo(3));
    }

    [Test]
    public async Task Ask_OfOneselfWhereUsersShare_AsksTheModel()
    {
        var bench = Bench(cache => cache.SharedBy = CacheSharing.Tenant);

        await bench.AskAsync("What is my balance?", streamed, new() { Tenant = "acme", User = "ann" });
        await bench.AskAsync("What is my balance?", streamed, new() { Tenant = "acme", User = "bob" });

        Assert.That(bench.Asked, Is.EqualTo(2));
    }

    [Test]
    public async Task Ask_TheSameFollowUpOfAnotherConversation_AsksTheModel()
    {
        var bench = Bench();
        static ChatMessage[] After(string first) => [new(ChatRole.User, first), new(ChatRole.Assistant, "Gladly."), new(ChatRole.User, "And how deep is it?")];

        await bench.AskAsync(After("Tell me about Lake Bled"), streamed);
        await bench.AskAsync(After("Tell me about Lake Como"), streamed);
        await bench.AskAsync("And how deep is it?", streamed);

        Assert.That(bench.Asked, Is.EqualTo(3));
    }

    [Test]
    public async Task Ask_TheSameOfAnotherAttachment_AsksTheModel()
    {
        var bench = Bench();
        static ChatMessage[] Of(byte pixel, string mediaType) => [new(ChatRole.User, [new DataContent(new[] { pixel }, mediaType), new TextContent("Describe the picture")])];

        await bench.AskAsync(Of(1, "image/png"), streamed);
        await bench.AskAsync(Of(2, "image/png"), streamed);
        await bench.AskAsync(Of(1, "image/webp"), streamed);
        await bench.AskAsync("Describe the picture", streamed);

        Assert.That(bench.Asked, Is.EqualTo(4));
    }

    private async Task<int> AskBothAsync(string one, string other, Action<SemanticCacheOptions>? configure = null)
    {
        var bench = Bench(configure);
        var options = new LlmCallOptions { Tenant = "acme", User = "ann" };
        await bench.AskAsync(one, streamed, options);
        var (text, call) = await bench.AskAsync(other, streamed, options);
        TestContext.Out.WriteLine($"{CacheBench.Step(call).Decision}: {string.Join(", ", CacheBench.Step(call).Vetoes)}");
        Assert.That(text, Is.EqualTo($"answer {bench.Asked - 1}"));
        return bench.Asked;
    }

    private CacheBench Bench(Action<SemanticCacheOptions>? configure = null) => new(composed, cache =>
    {
        (cache.Embedder, cache.MinSimilarity) = (ScriptedEmbedder.Blurred(), 0.9);
        configure?.Invoke(cache);
    });
}
