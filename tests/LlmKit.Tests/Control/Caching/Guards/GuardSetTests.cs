using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Guards;

public class GuardSetTests
{
    [TestCase("Where is order #D-7781?", "Where is order #D-7782?", "codes")]
    [TestCase("Is the annual fee waived?", "Is the annual fee NOT waived?", "negation")]
    [TestCase("Why can I log in?", "Why can't I log in?", "negation")]
    [TestCase("Netflix revenue in 2016", "Netflix revenue in 2015", "numbers")]
    [TestCase("Transfer 35 pounds", "Transfer 50 pounds", "numbers")]
    [TestCase("Transfer 1,000 euros", "Transfer 10,000 euros", "numbers")]
    [TestCase("Who won World War II?", "Who won World War III?", "numbers")]
    [TestCase("Name three reasons", "Name five reasons", "numbers")]
    [TestCase("Does the boy love the girl?", "Does the girl love the boy?", "order")]
    [TestCase("flights from Paris to Rome", "flights from Rome to Paris", "order")]
    [TestCase("How do I switch on the lamp?", "How do I switch off the lamp?", "opposites")]
    [TestCase("How many litres does the tank hold?", "How many pints does the tank hold?", "units")]
    [TestCase("Is it enough for 20 square metres?", "Is it enough for 20 square feet?", "units")]
    [TestCase("state universities in the country", "central universities in the country", "opposites")]
    [TestCase("Is the premium card free?", "Is the basic card free?", "opposites")]
    [TestCase("Do bond prices rise with rates?", "Do bond prices fall with rates?", "opposites")]
    [TestCase("hotels near Kolkata station", "hotels near Bangalore station", "names")]
    [TestCase("Is it possible to leave early?", "How to leave early?", "question")]
    [TestCase("When was it built?", "Where was it built?", "question")]
    [TestCase("how many were sold", "how much was sold", "question")]
    [TestCase("What is the rate today?", "What was the rate yesterday?", "moments")]
    [TestCase("sales of last week", "sales of last month", "moments")]
    [TestCase("Pay 50 dollars", "Pay 50 euros", "units")]
    [TestCase("Pay $50", "Pay €50", "units")]
    [TestCase("a limit of 5GB", "a limit of 5MB", "units")]
    [TestCase("Translate \"good morning\"", "Translate \"good evening\"", "quotes")]
    [TestCase("What does getUser return?", "What does getUsers return?", "codes")]
    [TestCase("loops in C#", "loops in C++", "codes")]
    [TestCase("set max_tokens", "set max_retries", "codes")]
    [TestCase("Where is the station?", "Где находится станция?", "script")]
    public void Veto_TextsThatDifferInWhatMatters_NamesTheGuard(string one, string other, string guard)
    {
        Assert.That(Veto(one, other), Is.Not.Null);
        Assert.That(Veto(other, one), Is.Not.Null);
        Assert.That(Veto(one, other), Is.EqualTo(guard).Or.EqualTo("names").Or.EqualTo("order"));
    }

    [TestCase("How do I reset my password?", "How can I reset the password?")]
    [TestCase("Transfer 1,000 euros", "transfer 1000 euros")]
    [TestCase("Name two reasons", "Name 2 reasons")]
    [TestCase("Who came third?", "Who came 3rd?")]
    [TestCase("What is the capital of France?", "what's France's capital")]
    [TestCase("the difference between India and China", "the difference between China and India")]
    [TestCase("Is YouTube down?", "is youtube down?")]
    [TestCase("How much is one million rupees?", "How much is 1 million rupees?")]
    [TestCase("What does \"lakh\" mean?", "What does lakh mean?")]
    public void Veto_SameQuestionInOtherWords_ForbidsNothing(string one, string other)
    {
        Assert.That(Veto(one, other), Is.Null);
        Assert.That(Veto(other, one), Is.Null);
    }

    [TestCase("Is the travel card free?", "Is the student card free?")]
    [TestCase("Why did Trump win the election?", "Why did he win the election?")]
    [TestCase("ideas for a senior project", "senior project ideas")]
    public void Veto_Strict_ForbidsMore(string one, string other)
    {
        Assert.That(GuardSet.Veto(TextFacets.Of(one), TextFacets.Of(other), CacheGuards.Balanced), Is.Null);
        Assert.That(GuardSet.Veto(TextFacets.Of(one), TextFacets.Of(other), CacheGuards.Strict), Is.Not.Null);
    }

    [TestCase("")]
    [TestCase("'")]
    [TestCase("# ++ -- ..")]
    [TestCase("\"unclosed")]
    [TestCase("999999999999999999999999999999999999999999")]
    [TestCase("\ud800")]
    public void Of_OddText_IsEqualToItself(string text) =>
        Assert.That(GuardSet.Veto(TextFacets.Of(text), TextFacets.Of(text), CacheGuards.Strict), Is.Null);

    private static string? Veto(string one, string other) => GuardSet.Veto(TextFacets.Of(one), TextFacets.Of(other), CacheGuards.Balanced);
}
