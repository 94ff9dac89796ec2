using System.Collections.Frozen;

namespace LlmKit.Control.Caching;

/// <summary>Words that stand in for each other, and words so general that another in their place seldom changes what is asked.</summary>
internal static class KindredWords
{
    private const int FamilyLetters = 6;

    /// <summary>One meaning a line: the guards take its words for one.</summary>
    private const string Meanings = """
        best good great top better ideal finest favourite favorite nice
        bad poor terrible awful horrible
        way method technique approach manner means
        improve enhance boost strengthen sharpen
        increase raise
        reduce lessen
        fix repair solve resolve
        job career employment work profession occupation
        earn gain
        quick quickly fast rapidly speedy
        easy easily simple simply simplest easiest
        important necessary essential crucial vital
        phone mobile cellphone smartphone
        movie film
        picture photo image photograph
        money cash
        car vehicle automobile
        college university school
        institute centre center
        student pupil
        child kid
        person people human individual someone somebody anyone anybody
        begin start commence
        stop prevent avoid quit
        buy purchase
        get obtain acquire
        delete erase remove
        recover retrieve restore regain
        answer reply respond
        ask question query
        talk speak conversation
        learn study
        teach educate
        build construct
        create develop
        happen occur
        difference distinction differ different
        reason cause factor
        effect affect impact influence consequence
        benefit advantage pro
        drawback disadvantage con
        website site webpage blog
        app application
        program programme software
        company firm business
        country nation
        government administration govt
        lose shed
        weight fat
        big large huge
        small little tiny
        beautiful pretty
        clever smart intelligent
        sick ill
        afraid scared
        happy glad
        sad unhappy
        strange weird odd
        true real
        believe think opinion view thought
        idea suggestion tip advice
        prepare preparation
        choose select pick
        use utilise utilize usage
        show display
        begin beginner
        exam test examination
        book novel
        language tongue
        price cost charge fee
        salary pay wage income
        meaning mean definition define
        example instance sample
        list several
        kind type sort
        part piece
        place location spot
        trip travel visit tour
        live reside
        hate dislike
        end finish complete
        currently presently
        famous popular
        information info detail
        address location
        email mail
        password passcode
        account profile
        parcel package shipment
        grow growth
        know known knowledge
        funny hilarious amusing
        scary creepy frightening terrifying
        rude disrespectful impolite
        angry mad furious
        tired exhausted
        wealthy rich
        hard difficult tough
        dangerous risky harmful
        safe secure
        correct right proper
        wrong incorrect
        whole entire complete
        main primary major principal
        new recent
        near nearby close
        boss supervisor
        colleague coworker
        friend buddy
        lawyer attorney
        doctor physician
        police cop
        pupil schoolchild
        baby infant
        girl lady
        guy dude
        house home
        flat apartment
        holiday vacation
        shop store
        garbage trash rubbish
        lift elevator
        petrol gasoline
        flight plane airplane aeroplane
        bike bicycle cycle
        road street
        city town
        trousers pants
        laptop notebook
        computer pc
        internet web
        error mistake
        bug defect
        crash hang
        register enroll enrol signup
        leave exit
        remove eliminate
        clear clean
        check verify
        inspect examine
        discover uncover
        contact reach
        give provide offer
        allow permit
        forbid prohibit ban
        help assist support
        need require
        try attempt
        keep retain
        deal cope handle manage
        overcome conquer defeat
        scared fearful
        shy timid
        lonely loneliness alone
        attractive handsome
        famous renowned celebrated
        common typical usual
        rare unusual uncommon
        interesting fascinating intriguing
        boring dull
        amazing awesome incredible
        effective efficient productive
        useful helpful
        useless worthless
        enough sufficient
        difference contrast
        similarity resemblance
        definition explanation
        rule regulation
        law legislation
        disease illness
        treatment cure therapy remedy
        pain ache
        diet nutrition
        exercise workout training
        meal dish
        goal aim objective
        task assignment homework
        skill ability
        talent gift
        war conflict
        president presidency presidential
        election vote voting
        tax taxation
        invest investment
        fund finance
        resume cv
        hire recruit
        fire dismiss
        internship intern
        degree diploma
        course class
        mark grade score
        syllabus curriculum
        result outcome
        math mathematics maths
        lyric song
        video clip
        follower subscriber
        secure protect
        attach enclose
        ship deliver delivery shipping
        """;

    /// <summary>General words: what differs in one of them only is most often the same question in other words.</summary>
    /// <summary>One word a line, its base form first.</summary>
    private const string Irregulars = """
        go went gone goes
        buy bought
        sell sold
        send sent
        spend spent
        lend lent
        pay paid
        say said
        tell told
        think thought
        bring brought
        teach taught
        catch caught
        build built
        lose lost
        leave left
        feel felt
        keep kept
        sleep slept
        meet met
        win won
        find found
        hold held
        lead led
        hear heard
        stand stood
        understand understood
        write wrote written writing
        drive drove driven driving
        ride rode ridden riding
        rise rose risen
        choose chose chosen
        break broke broken
        speak spoke spoken
        steal stole stolen
        forget forgot forgotten
        eat ate eaten
        see saw seen
        give gave given
        take took taken taking
        make made making
        come came coming
        become became
        run ran
        begin began begun
        drink drank
        sing sang sung
        swim swam
        know knew known
        grow grew grown
        throw threw thrown
        fly flew flown
        draw drew drawn
        show shown
        wear wore worn
        fall fell fallen
        fight fought
        seek sought
        shoot shot
        sit sat
        hide hid hidden
        man men
        woman women
        child children
        foot feet
        tooth teeth
        wife wives
        life lives
        """;

    private const string General = """
        actually really exactly truly basically generally usually typically especially particularly probably possibly currently recently ever always
        often sometimes still already yet even only almost quite rather pretty much many more most less least lot lots several few various certain
        different similar possible able likely effective effectively efficient efficiently useful correct correctly proper properly right real true common
        main major key basic new good best better great top nice bad worse worst big small high low long short old
        thing things stuff something anything everything nothing someone somebody anyone everybody everyone others another other else people person
        way ways method step steps procedure process option options kind type sort part case fact point matter issue problem reason cause example examples
        idea ideas tip tips advice suggestion suggestions thought thoughts opinion view views experience experiences
        time times day days moment life world place
        use used using useful work works working go goes going gone come comes coming take takes taking took put keep keeps become becomes becoming
        seem seems look looks looking feel feels feeling think thinks thinking believe say says said saying mean means meaning call called
        try trying start starting begin beginning stop stopping stopped happen happens happened help helps helping cause causes lead leads
        do done doing make makes making made give gives giving get gets getting got let allow have having want wants need needs needed require required
        see seen show shown find finding found learn learning study studying understand understanding know knowing known
        change changes changing turn turning set setting move moving bring bringing play playing run running
        consider considered exist exists existing include includes involve involves
        if while because since whether though although however instead without within between among against
        self own myself yourself oneself successfully success successful overall general specific particular
        cool coolest awesome amazing interesting fascinating funniest weirdest strangest fastest quickest easiest simplest cheapest safest biggest greatest favourite favorite
        kind hard difficult easy easily simple fast quick quickly slowly enough soon later today career subject subjects topic topics name names word words
        whole entire complete completely fully full total totally
        explain describe tell discuss discussed compare comparison difference differences
        deal handle manage cope face facing suggest recommend recommended prefer preferred
        famous popular important necessary essential interesting helpful worth worthy
        """;

    private static readonly FrozenDictionary<string, string> s_bases = Stems(Irregulars);
    private static readonly FrozenDictionary<string, string> s_meanings = Stems(Meanings);
    private static readonly FrozenSet<string> s_general = WordLists.StemsOf(General);

    /// <summary>Gives the stem that stands for all of its meaning.</summary>
    public static string MeaningOf(string stem)
    {
        var word = s_bases.GetValueOrDefault(stem, stem);
        return s_meanings.GetValueOrDefault(word, word);
    }

    /// <summary>Gives the beginning that long words of one family share: addicted, addictive, addiction.</summary>
    public static string FamilyOf(string meaning) => meaning.Length > FamilyLetters ? meaning[..FamilyLetters] : meaning;

    public static bool IsGeneral(string stem) => s_general.Contains(s_bases.GetValueOrDefault(stem, stem));

    private static FrozenDictionary<string, string> Stems(string lines) => WordLists.LinesOf(lines)
        .SelectMany(words => words.Select(word => (Stem: WordStem.Of(word), First: WordStem.Of(words[0]))))
        .DistinctBy(pair => pair.Stem, StringComparer.Ordinal)
        .ToFrozenDictionary(pair => pair.Stem, pair => pair.First, StringComparer.Ordinal);
}
