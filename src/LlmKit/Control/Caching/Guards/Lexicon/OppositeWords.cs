using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>Words that exclude each other.</summary>
internal static class OppositeWords
{
    /// <summary>One kind of thing a line; the sides, divided by slashes, exclude each other.</summary>
    private const string Groups = """
        rise rose risen increase grow up raise gain higher upward upwards / fall fell fallen drop decrease decline down lower reduce shrink lose downward downwards
        buy bought purchase / sell sold / rent
        open / close shut
        enable activate / disable deactivate
        allow permit / deny block forbid ban
        accept approve / reject decline refuse
        add insert append / remove delete subtract
        create / delete destroy
        cancel / renew / track / return / pause
        import / export
        upload / download
        login signin / logout signout
        lock / unlock
        install / uninstall
        subscribe / unsubscribe
        upgrade / downgrade
        connect / disconnect
        attach / detach
        mount / unmount
        compress / decompress extract
        encrypt / decrypt
        encode / decode
        serialize / deserialize
        push / pull
        show display / hide
        expand / collapse
        deposit / withdraw withdrawal
        debit / credit / prepaid
        income revenue / expense cost
        asset / liability
        profit / loss
        win won / lose lost
        before prior / after
        over above exceeding / under below
        more / less fewer
        most / least
        highest largest biggest greatest / lowest smallest
        maximum max / minimum min
        longest / shortest
        oldest / youngest newest
        fastest / slowest
        faster / slower
        best / worst
        better / worse
        start begin / stop end finish quit
        first / last
        early earlier / late later
        inside internal / outside external
        indoor indoors / outdoor outdoors
        include / exclude except
        public / private
        legal / illegal
        possible / impossible
        safe / unsafe dangerous
        true / false
        fixed / variable floating
        domestic / international foreign
        incoming inbound / outgoing outbound
        inflow / outflow
        input / output
        send sent / receive
        borrow / lend
        arrival arrive / departure depart
        entry enter / exit leave
        gross / net
        advantage pros benefit / disadvantage cons drawback
        positive / negative
        cheap cheapest / expensive
        rich / poor
        hot / cold
        wet / dry
        heavy / light
        north northern / south southern / east eastern / west western
        left / right
        horizontal / vertical
        male man men boy / female woman women girl
        mother / father
        husband / wife
        brother / sister
        son / daughter
        parent / child children
        adult / child children kid minor
        beginner novice / expert advanced
        singular / plural
        upper uppercase / lower lowercase
        on / off
        basic / standard / premium / pro / enterprise / gold / silver / platinum / bronze
        free / paid
        monthly / yearly annual annually / weekly / daily / hourly / quarterly
        state / central federal / national
        personal / business corporate
        employer / employee
        teacher / student
        landlord / tenant
        buyer customer / seller vendor
        summer / winter / spring / autumn
        morning / evening / afternoon / midnight / noon
        breakfast / lunch / dinner
        bachelor undergraduate / master postgraduate / doctorate phd
        introvert introverted / extrovert extroverted
        hardware / software
        frontend / backend
        client / server
        synchronous sync / asynchronous async
        wired / wireless
        windows / linux / macos mac / android / ios
        python / javascript / typescript / java / kotlin / ruby / php / perl / rust / golang
        mysql / postgresql postgres / sqlite / oracle / mongodb / redis
        chrome / firefox / safari / edge
        english / german / french / spanish / italian / portuguese / dutch / chinese mandarin / japanese / korean / russian / arabic / hindi / turkish
        red / green / blue / yellow / purple / black / white
        """;

    private static readonly FrozenDictionary<string, uint[]> s_sides = Groups
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .SelectMany((line, group) => line.Split('/').SelectMany((words, side) => WordLists.Of(words)
            .Select(word => (Stem: WordStem.Of(word), Place: ((uint)group << 8) | (uint)side))))
        .GroupBy(entry => entry.Stem, entry => entry.Place, StringComparer.Ordinal)
        .ToFrozenDictionary(group => group.Key, group => group.Distinct().ToArray(), StringComparer.Ordinal);

    /// <summary>Gives the places of a stem: its group in the upper bits, its side in the lower byte.</summary>
    public static ReadOnlySpan<uint> SidesOf(string stem) => s_sides.GetValueOrDefault(stem);

}
