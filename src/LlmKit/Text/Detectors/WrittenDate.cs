using LlmKit.Text.Locales;

namespace LlmKit.Text.Detectors;

/// <summary>Dates as they are written in digits, or with the English name of the month.</summary>
internal static class WrittenDate
{
    private const string Day = "(0?[1-9]|[12]#|3[01])";
    private const string Year = "(####|##)";
    private const string Month = "(J(an|un|ul)|Feb|Ma[ry]|A(pr|ug)|Sep|Oct|Nov|Dec)";

    private static readonly string[] s_words = ["born", "birth", "dob", "geboren", "geburtsdatum", "née", "nacido", "nacimiento"];

    public static ISpanDetector Detector { get; } = new IdentifierDetector(
        "DATE",
        [
            new("(19|20)##-(0[1-9]|1[0-2])-(0[1-9]|[12]#|3[01])(T##:##(:##(.#{1,6})?)?(Z|[+-]##:?##)?)?") { Context = s_words, Score = DetectionScore.Medium },
            new($"{Day}/{Day}/{Year}|{Day}-{Day}-{Year}|{Day}.{Day}.{Year}") { Context = s_words, Score = DetectionScore.Medium },
            new($"{Day}[ -]{Month}([ -]####)?") { Context = s_words },
            new($"{Month}-(##|####)") { Context = s_words },
            new($"{Month} ##?,? ####") { Context = s_words },
        ]);
}
