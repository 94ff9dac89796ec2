using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>The words that the guards know. English only: other languages are guarded by numbers, codes, names and quotations.</summary>
internal static class GuardLexicon
{
    /// <summary>One kind of thing a line; the sides, divided by slashes, exclude each other.</summary>
    private const string Opposites = """
        rise rose risen increase grow up raise gain higher / fall fell fallen drop decrease decline down lower reduce shrink lose
        buy bought purchase / sell sold
        open / close shut
        enable activate / disable deactivate
        allow permit / deny block forbid ban
        accept approve / reject decline refuse
        add insert / remove delete subtract
        create / delete destroy
        import / export
        upload / download
        login signin / logout signout
        lock / unlock
        install / uninstall
        subscribe / unsubscribe
        upgrade / downgrade
        deposit / withdraw withdrawal
        debit / credit / prepaid
        income revenue / expense cost
        profit / loss
        win won / lose lost
        before / after
        over above / under below
        more / less fewer
        most / least
        highest largest biggest greatest / lowest smallest
        maximum max / minimum min
        longest / shortest
        best / worst
        start begin / stop end finish
        first / last
        inside internal / outside external
        include / exclude except
        public / private
        legal / illegal
        possible / impossible
        safe / unsafe dangerous
        fixed / variable floating
        domestic / international foreign
        incoming inbound / outgoing outbound
        send sent / receive
        borrow / lend
        encrypt / decrypt
        encode / decode
        arrival arrive / departure depart
        gross / net
        advantage pros benefit / disadvantage cons drawback
        positive / negative
        cheap / expensive
        north / south / east / west
        left / right
        male man men boy / female woman women girl
        mother / father
        husband / wife
        brother / sister
        parent / child children
        on / off
        basic / standard / premium / pro / enterprise / gold / silver / platinum / bronze
        monthly / yearly annual annually / weekly / daily / hourly / quarterly
        state / central federal / national
        personal / business corporate
        employer / employee
        buyer customer / seller vendor
        summer / winter / spring / autumn
        bachelor undergraduate / master postgraduate / doctorate phd
        """;

    private const string Stops = """
        a an the is are was were be been being am do does did doing have has had having i you he she it we they me him her us them my your his
        its our their mine yours this that these those what which who whom whose when where why how can could will would shall should may might
        must of in on at by for with about as into through during to from up down out off and or but if then than so too very just also there
        here some any all each both please tell give show explain describe want need know find get got make let like there's one ones s t re ve ll d m
        """;

    private const string Negators = """
        not no never none nobody nothing neither nor nowhere without cannot cant dont doesnt didnt isnt arent wasnt werent wont wouldnt shouldnt
        couldnt havent hasnt hadnt except excluding excluded unless non lacks lacking
        """;

    private const string Moments = """
        today tomorrow yesterday tonight now currently latest nowadays monday tuesday wednesday thursday friday saturday sunday january february
        march april june july august september october november december
        """;

    private const string Spans = "second minute hour day night morning evening week weekend month quarter year decade century season";

    private static readonly FrozenDictionary<string, string> Units = Lines("""
        usd dollar dollars bucks
        eur euro euros
        gbp pound pounds quid
        inr rupee rupees rs
        jpy yen
        cny yuan rmb
        percent percentage pct
        km kms kilometer kilometers kilometre kilometres
        mile miles mi
        cm centimeter centimeters
        mm
        meter meters metre metres
        ft foot feet
        inch inches
        kg kgs kilogram kilograms kilo
        gram grams
        lb lbs
        oz ounce ounces
        liter liters litre litres
        ml
        gallon gallons
        pint pints
        quart quarts
        celsius
        fahrenheit
        kb
        mb
        gb
        tb
        ms
        hour hours hr hrs
        minute minutes mins
        day days
        week weeks
        month months
        year years yrs
        k thousand
        mn million millions
        bn billion billions
        """);

    private static readonly FrozenDictionary<string, (int Group, int Side)[]> Sides = ReadOpposites();
    private static readonly FrozenSet<string> StopWords = Words(Stops);
    private static readonly FrozenSet<string> NegatorWords = Words(Negators);
    private static readonly FrozenSet<string> MomentWords = Words(Moments);
    private static readonly FrozenSet<string> SpanWords = Words(Spans);

    public static bool IsStop(string word) => StopWords.Contains(word);

    public static bool IsMoment(string word) => MomentWords.Contains(word);

    public static bool IsSpan(string word) => SpanWords.Contains(word) || (word.EndsWith('s') && SpanWords.Contains(word[..^1]));

    public static bool IsUnit(string word) => Units.ContainsKey(word);

    public static string? UnitOf(string word) => Units.GetValueOrDefault(word);

    public static string? UnitOf(char symbol) => symbol switch { '$' => "usd", '€' => "eur", '£' => "gbp", '¥' => "jpy", '₹' => "inr", '%' => "percent", _ => null };

    public static bool IsNegator(string word) => NegatorWords.Contains(word) || word.EndsWith("n't", StringComparison.Ordinal);

    public static ReadOnlySpan<(int Group, int Side)> SidesOf(string stem) => Sides.TryGetValue(stem, out var sides) ? sides : default;

    /// <summary>Takes the commonest English endings off, so that rise, rises and rising are one.</summary>
    public static string Stem(string word)
    {
        var length = word.Length;
        if (length > 5 && word.EndsWith("ing", StringComparison.Ordinal))
            length -= 3;
        else if (length > 4 && word.EndsWith("ed", StringComparison.Ordinal))
            length -= 2;
        else if (length > 3 && word[^1] == 's' && word[^2] is not ('s' or 'u' or 'i'))
            length--;
        if (length > 4 && word[length - 1] == 'e')
            length--;
        if (length > 4 && word[length - 1] == word[length - 2] && word[length - 1] is not ('l' or 's' or 'e'))
            length--;
        return length == word.Length ? word : word[..length];
    }

    private static FrozenSet<string> Words(string text) =>
        text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static FrozenDictionary<string, string> Lines(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        .SelectMany(words => words.Select(word => (word, first: words[0])))
        .ToFrozenDictionary(pair => pair.word, pair => pair.first, StringComparer.Ordinal);

    private static FrozenDictionary<string, (int Group, int Side)[]> ReadOpposites() => Opposites
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .SelectMany((line, group) => line.Split('/').SelectMany((words, side) => words
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(word => (Stem: Stem(word), Place: (group, side)))))
        .GroupBy(entry => entry.Stem, entry => entry.Place, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
}
