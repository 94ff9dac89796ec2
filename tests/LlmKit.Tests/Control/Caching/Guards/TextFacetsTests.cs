using LlmKit.Control.Caching;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Guards;

public class TextFacetsTests
{
    private const string Question = "How can my customer in Lyon change delivery of parcel 4711 tomorrow?";

    [Test]
    public void Size_QuestionOfTwelveWords_IsSmallAndWhatIsAllocated()
    {
        _ = TextFacets.Of(Question);
        var facets = TextFacets.Of(Question);
        var parts = Enum.GetValues<FacetPart>().Sum(part => facets[part].Length);

        Assert.That(facets.Size, Is.LessThan(300));
        Assert.That(facets.Size, Is.GreaterThan((sizeof(uint) * parts) + 64));
    }

    [Test]
    public void Veto_Candidate_AllocatesNothing()
    {
        var (one, other) = (TextFacets.Of(Question), TextFacets.Of("How may a customer in Lyon redirect the delivery of parcel 4711 tomorrow?"));

        Assert.That(Allocated.By(() => GuardSet.Veto(one, other, CacheGuards.Strict, wordOrderMatters: true)), Is.Zero);
    }

    [Test]
    public void Write_Facets_HoldNoWordOfTheText()
    {
        var bytes = FacetFiles.Write(TextFacets.Of("klabautermann KLABAUTERMANN"));

        Assert.That(System.Text.Encoding.Latin1.GetString(bytes), Does.Not.Contain("klabau").IgnoreCase);
    }

    [Test]
    public void Read_AnyCutOrFlippedByte_IsRefusedOrReadsAsFacets()
    {
        var bytes = FacetFiles.Write(TextFacets.Of(Question));

        for (var length = 0; length < bytes.Length; length++)
            Assert.That(() => FacetFiles.Read(bytes[..length]), Throws.TypeOf<InvalidDataException>(), $"cut at {length}");
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = bytes.ToArray();
            damaged[i] ^= 0x55;
            try
            {
                _ = GuardSet.Veto(FacetFiles.Read(damaged), TextFacets.Of(Question), CacheGuards.Strict);
            }
            catch (InvalidDataException)
            {
                // Damage that shows is refused; damage within a hash can only forbid a hit more or less.
            }
        }
    }

    [Test]
    public void Read_AnotherVersion_SaysSo()
    {
        var bytes = FacetFiles.Write(TextFacets.Of(Question));
        bytes[0]++;

        Assert.That(() => FacetFiles.Read(bytes), Throws.TypeOf<InvalidDataException>().With.Message.Contains("version"));
    }

    [Test]
    public void Of_TheSameText_GivesTheSameHashesForEver() =>
        Assert.That(WordHash.Of("parcel"), Is.EqualTo(WordHash.Of("xparcel".AsSpan(1))).And.EqualTo(Expected));

    private const uint Expected = 2481885151;
}
