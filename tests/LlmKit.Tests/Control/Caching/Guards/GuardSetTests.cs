using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Guards;

public class GuardSetTests
{
    [TestCase("Where is order #D-7781?", "Where is order #D-7782?", "codes")]
    [TestCase("Is invoice INV2041 paid?", "Is invoice INV2014 paid?", "codes")]
    [TestCase("Is the annual fee waived?", "Is the annual fee NOT waived?", "negation")]
    [TestCase("Why can I log in?", "Why can't I log in?", "negation")]
    [TestCase("Can I travel with luggage?", "Can I travel without luggage?", "negation")]
    [TestCase("Is my account verified?", "Is my account unverified?", "negation")]
    [TestCase("List the approved vendors", "List the disapproved vendors", "negation")]
    [TestCase("Darf ich das Gerät öffnen und die Batterie tauschen?", "Darf ich das Gerät nicht öffnen und die Batterie tauschen?", "negation")]
    [TestCase("Netflix revenue in 2016", "Netflix revenue in 2015", "numbers")]
    [TestCase("Transfer 35 pounds", "Transfer 50 pounds", "numbers")]
    [TestCase("Transfer 1,000 euros", "Transfer 10,000 euros", "numbers")]
    [TestCase("Who won World War II?", "Who won World War III?", "numbers")]
    [TestCase("Name three reasons", "Name five reasons", "numbers")]
    [TestCase("Is it warmer than -5 degrees?", "Is it warmer than 5 degrees?", "numbers")]
    [TestCase("a budget of 2 million", "a budget of 2 billion", "numbers")]
    [TestCase("Does the boy love the girl?", "Does the girl love the boy?", "order")]
    [TestCase("Was the startup bought by the bank?", "Did the startup buy the bank?", "order")]
    [TestCase("flights from Paris to Rome", "flights from Rome to Paris", "direction")]
    [TestCase("trains to oslo from bergen", "trains from oslo to bergen", "direction")]
    [TestCase("from java to python", "from python to java", "direction")]
    [TestCase("Which flight leaves on 05/12/2031?", "Which flight leaves on 12/05/2031?", "order")]
    [TestCase("How do I switch on the lamp?", "How do I switch off the lamp?", "opposites")]
    [TestCase("cities with more than 90 parks", "cities with at most 90 parks", "opposites")]
    [TestCase("loans over 500 euros", "loans of up to 500 euros", "opposites")]
    [TestCase("How do I cancel my order?", "How do I track my order?", "opposites")]
    [TestCase("How many litres does the tank hold?", "How many pints does the tank hold?", "units")]
    [TestCase("Is it enough for 20 square metres?", "Is it enough for 20 square feet?", "units")]
    [TestCase("state universities in the country", "central universities in the country", "opposites")]
    [TestCase("Is the premium card free?", "Is the basic card free?", "opposites")]
    [TestCase("Do bond prices rise with rates?", "Do bond prices fall with rates?", "opposites")]
    [TestCase("hotels near Kolkata station", "hotels near Bangalore station", "names")]
    [TestCase("what does 🦊 stand for", "what does 🐢 stand for", "names")]
    [TestCase("Is it possible to leave early?", "How to leave early?", "question")]
    [TestCase("When was it built?", "Where was it built?", "question")]
    [TestCase("how many were sold", "how much was sold", "question")]
    [TestCase("What is a mutex?", "Why is there a mutex?", "question")]
    [TestCase("How did you bake bread?", "How do I bake bread?", "question")]
    [TestCase("What is the rate today?", "What was the rate yesterday?", "moments")]
    [TestCase("opening hours on monday", "opening hours on friday", "moments")]
    [TestCase("sales of last week", "sales of last month", "moments")]
    [TestCase("Pay 50 dollars", "Pay 50 euros", "units")]
    [TestCase("Pay $50", "Pay €50", "units")]
    [TestCase("a limit of 5GB", "a limit of 5MB", "units")]
    [TestCase("wake me at 6 am", "wake me at 6 pm", "units")]
    [TestCase("Translate \"good morning\"", "Translate \"good evening\"", "quotes")]
    [TestCase("What does getUser return?", "What does getUsers return?", "codes")]
    [TestCase("loops in C#", "loops in C++", "codes")]
    [TestCase("set max_tokens", "set max_retries", "codes")]
    [TestCase("Where is the station?", "Где находится станция?", "script")]
    [TestCase("Wo ist der Bahnhof und wie komme ich zu Gleis drei?", "Waar is het station en hoe kom ik bij spoor drei?", "language")]
    [TestCase("What is the dosage for adults?", "What is the dosage for children?", "opposites")]
    [TestCase("What is 15% of 80?", "What is 80% of 15?", "order")]
    [TestCase("reset it", "xq zzt vrr kpl owq mmr tts reset qqa lzz ppe ggh", "wording")]
    public void Veto_TextsThatDifferInWhatMatters_NamesTheGuard(string one, string other, string guard)
    {
        Assert.That(Veto(one, other), Is.EqualTo(guard));
        Assert.That(Veto(other, one), Is.EqualTo(guard));
        Assert.That(Veto(one, other, CacheGuards.Strict), Is.Not.Null);
    }

    [TestCase("How do I reset my password?", "How can I reset the password?")]
    [TestCase("Transfer 1,000 euros", "transfer 1000 euros")]
    [TestCase("a budget of 2 million", "a budget of 2,000,000")]
    [TestCase("Name two reasons", "Name 2 reasons")]
    [TestCase("Who came third?", "Who came 3rd?")]
    [TestCase("What is the capital of France?", "what's France's capital")]
    [TestCase("the difference between India and China", "the difference between China and India")]
    [TestCase("relations of Chile and Peru", "relations of Peru and Chile")]
    [TestCase("Did the bank buy the startup?", "Was the startup bought by the bank?")]
    [TestCase("Is YouTube down?", "is youtube down?")]
    [TestCase("How much is one million rupees?", "How much is 1 million rupees?")]
    [TestCase("What does \"lakh\" mean?", "What does lakh mean?")]
    [TestCase("no more than 5 seats", "at most 5 seats")]
    [TestCase("When did the World Health Organisation begin?", "When did the WHO begin?")]
    [TestCase("How can I improve my writing?", "How do I enhance my writing?")]
    [TestCase("Where and how can I buy stamps?", "How do I buy stamps?")]
    [TestCase("How do I reset my password if I forgot it?", "I forgot my password. How can I reset it?")]
    [TestCase("如何重置密码？", "怎么重置我的密码？")]
    [TestCase("Wie setze ich mein Passwort zurück?", "Wie kann ich mein Passwort zurücksetzen?")]
    [TestCase("Ｐａｙ ５０ €", "Pay 50 €")]
    [TestCase("caf\u0065\u0301 hours", "caf\u00E9 hours")]
    [TestCase("it’s broken", "it's broken")]
    public void Veto_SameQuestionInOtherWords_ForbidsNothing(string one, string other)
    {
        Assert.That(Veto(one, other), Is.Null);
        Assert.That(Veto(other, one), Is.Null);
    }

    [TestCase("Why did Trump win the election?", "Why did he win the election?", "any name")]
    [TestCase("does the student discount cover the museum", "does the student discount cover the theatre", "one word")]
    [TestCase("what is the price of tin", "what is the price of zinc", "one word")]
    [TestCase("Is the travel card good?", "Is the travel card waterproof?", "one word")]
    [TestCase("Which camera is good?", "Which camera is good for diving?", "added word")]
    public void Veto_Strict_ForbidsMore(string one, string other, string guard)
    {
        Assert.That(Veto(one, other), Is.Null);
        Assert.That(Veto(one, other, CacheGuards.Strict), Is.EqualTo(guard));
    }

    [Test]
    public void Veto_EmbedderThatSeesWordsOnly_ForbidsOneInAnothersPlace()
    {
        var one = TextFacets.Of("what is the price of tin");
        var other = TextFacets.Of("what is the price of zinc");

        Assert.That(GuardSet.Veto(one, other, CacheGuards.Balanced, wordOrderMatters: true), Is.EqualTo("one specific word"));
    }

    [Test]
    public void Veto_EmbedderBlindForOrder_ForbidsAnyOtherOrder()
    {
        var one = TextFacets.Of("the old mill beside the river burnt down");
        var other = TextFacets.Of("the river beside the burnt mill, old and down");

        Assert.That(GuardSet.Veto(one, other, CacheGuards.Balanced), Is.Null);
        Assert.That(GuardSet.Veto(one, other, CacheGuards.Balanced, wordOrderMatters: true), Is.EqualTo("any order"));
    }

    [Test]
    public void Veto_Off_ForbidsNothing() =>
        Assert.That(GuardSet.Veto(TextFacets.Of("Pay 50 euros"), TextFacets.Of("Cancel order 7"), CacheGuards.Off, wordOrderMatters: true), Is.Null);

    private static string? Veto(string one, string other, CacheGuards guards = CacheGuards.Balanced) =>
        GuardSet.Veto(TextFacets.Of(one), TextFacets.Of(other), guards);
}
