"""Fifty needs in English and in French, with the number in CORDIS of a later project that answers each.

Statements and translations are our own; none is taken from the project.
"""

FRENCH_NEEDS = [
    (
        "101183033",
        "We want to keep mosquitoes that spread malaria from mating, without insecticides.",
        "Nous voulons empêcher l’accouplement des moustiques qui transmettent le paludisme, sans insecticides.",
    ),
    (
        "101168489",
        "Unmanned robots and artificial intelligence to watch a sea border and spot suspicious ships.",
        "Robots sans équipage et intelligence artificielle pour surveiller une frontière maritime et repérer "
        "les navires suspects.",
    ),
    (
        "101157621",
        "Advice for large research infrastructures on buying innovative technology through public procurement.",
        "Conseil aux grandes infrastructures de recherche pour acheter des technologies innovantes par la "
        "commande publique.",
    ),
    (
        "101180173",
        "A wearable sensor with satellite navigation that follows the movements of a patient's body during "
        "rehabilitation.",
        "Un capteur porté sur soi, avec navigation par satellite, qui suit les mouvements du corps d’un "
        "patient en rééducation.",
    ),
    (
        "101181021",
        "Reuse of waste wood from forests and demolished buildings in timber construction.",
        "Réemploi du bois de rebut des forêts et des bâtiments démolis dans la construction en bois.",
    ),
    (
        "101132698",
        "How emotions shape politics, populism and trust in democracy among citizens.",
        "Comment les émotions façonnent la politique, le populisme et la confiance des citoyens dans la démocratie.",
    ),
    (
        "101135372",
        "Stretchable textile fibres made from biomass, safe for health and recyclable.",
        "Des fibres textiles élastiques issues de la biomasse, sans danger pour la santé et recyclables.",
    ),
    (
        "101156076",
        "Nature-based solutions so that Mediterranean farms, pastures and forests withstand drought and fire.",
        "Des solutions fondées sur la nature pour que les fermes, pâturages et forêts de la Méditerranée "
        "résistent à la sécheresse et aux incendies.",
    ),
    (
        "101147397",
        "Automated vehicles that take account of cultural differences between road users in Europe.",
        "Des véhicules automatisés qui tiennent compte des différences culturelles entre les usagers de la "
        "route en Europe.",
    ),
    (
        "101177171",
        "Social economy cooperatives that provide care for elderly people in rural areas.",
        "Des coopératives de l’économie sociale qui prennent soin des personnes âgées dans les zones rurales.",
    ),
    (
        "101186814",
        "Plasmonic nanoparticles to detect pollutants in water continuously and on site.",
        "Des nanoparticules plasmoniques pour détecter les polluants de l’eau en continu et sur place.",
    ),
    (
        "101139942",
        "Smart glasses with laser eye tracking and lenses that focus by themselves.",
        "Des lunettes intelligentes avec suivi du regard par laser et des lentilles qui font la mise au point seules.",
    ),
    (
        "101148123",
        "Comfortable car interiors that adapt to passengers with reduced mobility and monitor the cabin.",
        "Des habitacles de voiture confortables qui s’adaptent aux passagers à mobilité réduite et "
        "surveillent la cabine.",
    ),
    (
        "101167442",
        "Artificial intelligence that assists air traffic controllers and shares their awareness of the situation.",
        "Une intelligence artificielle qui assiste les contrôleurs aériens et partage leur connaissance de la "
        "situation.",
    ),
    (
        "101180994",
        "Ocean models that predict regional climate extremes over seasons and decades for aquaculture and coasts.",
        "Des modèles de l’océan qui prévoient les extrêmes climatiques régionaux sur des saisons et des "
        "décennies, pour l’aquaculture et les côtes.",
    ),
    (
        "101172764",
        "Solar fuels from carbon dioxide and plastic waste with photoelectrochemical catalysts.",
        "Des carburants solaires à partir de dioxyde de carbone et de déchets plastiques avec des catalyseurs "
        "photoélectrochimiques.",
    ),
    (
        "101169421",
        "Doctoral training on viroids, infectious RNA that makes crops ill, and how to diagnose them.",
        "Formation doctorale sur les viroïdes, ARN infectieux qui rendent malades les cultures, et leur diagnostic.",
    ),
    (
        "101161153",
        "Plasma etching of silicon and glass without fluorinated greenhouse gases.",
        "Gravure par plasma du silicium et du verre sans gaz fluorés à effet de serre.",
    ),
    (
        "101130159",
        "Low-cost metal oxide gas sensors for household appliances.",
        "Des capteurs de gaz à oxydes métalliques, bon marché, pour les appareils ménagers.",
    ),
    (
        "101168673",
        "Data science and digital twins to operate offshore wind farms, taught to doctoral students.",
        "Science des données et jumeaux numériques pour exploiter les parcs éoliens en mer, enseignés à des "
        "doctorants.",
    ),
    (
        "101137358",
        "Portable devices that sort patients in emergency care and alert on stroke at the bedside.",
        "Des appareils portables qui trient les patients aux urgences et donnent l’alerte en cas d’accident "
        "vasculaire cérébral, au chevet du malade.",
    ),
    (
        "101146908",
        "A common method to account for greenhouse gas emissions of freight transport and logistics.",
        "Une méthode commune pour compter les émissions de gaz à effet de serre du transport de marchandises "
        "et de la logistique.",
    ),
    (
        "101175702",
        "A European low-latency network interconnect for exascale supercomputers.",
        "Un réseau d’interconnexion européen à faible latence pour les supercalculateurs exaflopiques.",
    ),
    (
        "101168379",
        "Artificial intelligence to diagnose Parkinson's disease early from digital health data.",
        "L’intelligence artificielle pour diagnostiquer tôt la maladie de Parkinson à partir de données de "
        "santé numériques.",
    ),
    (
        "101169349",
        "Genomics of the zebrafish to understand how injured tissue regenerates.",
        "Génomique du poisson-zèbre pour comprendre comment les tissus lésés se régénèrent.",
    ),
    (
        "101161637",
        "Organic transistors made of green materials that compute like synapses.",
        "Des transistors organiques en matériaux verts qui calculent comme des synapses.",
    ),
    (
        "101177314",
        "Training of scientific users of a synchrotron in the Middle East.",
        "Formation des utilisateurs scientifiques d’un synchrotron au Moyen-Orient.",
    ),
    (
        "101182752",
        "Research ethics, data management and open science in the universities of Central Asia.",
        "Éthique de la recherche, gestion des données et science ouverte dans les universités d’Asie centrale.",
    ),
    (
        "101191666",
        "Antiviral drugs that block the entry of emerging viruses into human cells.",
        "Des médicaments antiviraux qui bloquent l’entrée des virus émergents dans les cellules humaines.",
    ),
    (
        "101182585",
        "Analysis of the trajectories of ships and vehicles from several sensors.",
        "Analyse des trajectoires de navires et de véhicules à partir de plusieurs capteurs.",
    ),
    (
        "101172767",
        "Cheaper high-throughput equipment to manufacture photovoltaic cells in Europe.",
        "Des équipements à haut débit et moins chers pour fabriquer des cellules photovoltaïques en Europe.",
    ),
    (
        "101168499",
        "Preparing rescue services for a long failure of electricity and the internet.",
        "Préparer les services de secours à une longue panne d’électricité et d’internet.",
    ),
    (
        "101193579",
        "Support for deep technology start-ups led by women in regional innovation ecosystems.",
        "Soutien aux jeunes pousses technologiques dirigées par des femmes dans les écosystèmes régionaux "
        "d’innovation.",
    ),
    (
        "101177251",
        "Which human skills are needed beside new digital technologies at work.",
        "Quelles compétences humaines sont nécessaires à côté des nouvelles technologies numériques au travail.",
    ),
    (
        "101182942",
        "A network of farmers that share practices to protect biodiversity in their fields.",
        "Un réseau d’agriculteurs qui partagent leurs pratiques pour protéger la biodiversité dans leurs champs.",
    ),
    (
        "101161135",
        "Magnetocaloric refrigeration to keep vaccines cold during transport.",
        "Réfrigération magnétocalorique pour garder les vaccins au froid pendant le transport.",
    ),
    (
        "101181930",
        "What society and the economy lose when bees and other pollinators decline.",
        "Ce que perdent la société et l’économie quand les abeilles et les autres pollinisateurs déclinent.",
    ),
    (
        "101168661",
        "Macrophages as targets of immunotherapy against metastases.",
        "Les macrophages comme cibles d’une immunothérapie contre les métastases.",
    ),
    (
        "101185141",
        "Spectroscopy of living cells to personalise particle radiotherapy of bone metastases.",
        "Spectroscopie de cellules vivantes pour personnaliser la radiothérapie par particules des métastases "
        "osseuses.",
    ),
    (
        "101177460",
        "Responsible mining: due diligence in the supply chains of minerals.",
        "Mines responsables : devoir de vigilance dans les chaînes d’approvisionnement en minerais.",
    ),
    (
        "101129622",
        "Drugs that make the epithelium produce antimicrobial peptides, against resistant bacteria.",
        "Des médicaments qui font produire à l’épithélium des peptides antimicrobiens, contre les bactéries "
        "résistantes.",
    ),
    (
        "101168698",
        "Encapsulation of microorganisms as biopesticides in emulsions stabilised by biopolymers.",
        "Encapsulation de micro-organismes comme biopesticides dans des émulsions stabilisées par des biopolymères.",
    ),
    (
        "101192194",
        "Radio access and core networks for 6G driven by artificial intelligence.",
        "Des réseaux d’accès radio et cœurs de réseau 6G pilotés par l’intelligence artificielle.",
    ),
    (
        "101182948",
        "Replacing mineral oil in power transformers by biodegradable esters.",
        "Remplacer l’huile minérale des transformateurs électriques par des esters biodégradables.",
    ),
    (
        "101194368",
        "Ferroelectric memories for neuromorphic chips that compute in memory.",
        "Des mémoires ferroélectriques pour des puces neuromorphiques qui calculent en mémoire.",
    ),
    (
        "101177739",
        "Humour and satire in culture as a way into democratic participation.",
        "L’humour et la satire dans la culture comme chemin vers la participation démocratique.",
    ),
    (
        "101195540",
        "A clinical trial of the immune response to smallpox vaccines against mpox.",
        "Un essai clinique de la réponse immunitaire aux vaccins antivarioliques contre la variole simienne.",
    ),
    (
        "101181936",
        "Best techniques to recover fertilisers from sewage sludge and manure.",
        "Les meilleures techniques pour récupérer des engrais à partir de boues d’épuration et de fumier.",
    ),
    (
        "101167768",
        "Avian influenza in vaccinated poultry: immunity, transmission and surveillance.",
        "Grippe aviaire chez les volailles vaccinées : immunité, transmission et surveillance.",
    ),
    (
        "101147321",
        "A modular electric generator with magnetic gears for wave energy converters.",
        "Un générateur électrique modulaire à engrenages magnétiques pour les convertisseurs d’énergie des vagues.",
    ),
]
