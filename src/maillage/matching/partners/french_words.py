"""Common French words of needs with their English ones, for words that the names of concepts seldom hold.

Vocabularies name things; what one wants to do with them (to detect, to monitor, to scale up) has no name there.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from maillage.matching.text import stem
from maillage.matching.word_lists import Language

_WORDS: Final = """
abaisser lower; abeille bee; abriter host; académique academic; accompagner support; accroître increase; accueillir
host; accélérer accelerate; acheter procure; acier steel; acquérir acquire; actuel -; actuellement -; adapter adapt;
adn DNA; affiner refine; agir -; agroalimentaire food; aide support; aiguille needle; ailleurs -; ajuster adjust;
alerte alert; alimentaire food; aller -; allier combine; alléger lightweight; ambiant ambient; ambitionner -; amont
upstream; améliorer improve; an -; ancrer anchor; année -; anticancéreux anticancer; anticiper anticipate; antisens
antisense; appareil device; apparition onset; appeler -; apporter -; apprendre learn; apprentissage learning; approche
approach; approvisionnement supply; approvisionner supply; appui support; arbre tree; argile clay; arn RNA; arrêter
stop; assainir remediate; assembler assemble; atelier workshop; attaque attack; atteindre reach; atteint affected;
attendre expect; augmenter increase; aujourd -; auprès -; autant -; automne autumn; autour -; aval downstream;
avantage advantage; avion aircraft; aéronautique aeronautics; balise beacon; banc bench; barrage dam; bas low; bateau
ship; beaucoup -; besoin need; bien -; biologie biology; biologique biological; biopuce biochip; blessure injury;
blessé injured; bloquer block; blé wheat; bord edge; borne station; boucle loop; boue sludge; boîte box; brancher
connect; brevet patent; briser break; broyer grind; bruit noise; bruyant noisy; brûler burn; but -; bâtiment building;
bâtir build; bénéfice benefit; bénéfique beneficial; bétail livestock; béton concrete; calcul computing; calculer
compute; camion truck; canalisation pipe; cancéreux cancer; cancérologie oncology; canicule heatwave; capter capture;
capteur sensor; caractérisation characterisation; caractériser characterise; carburant fuel; carte map; cartographier
map; cas -; casser break; catalyseur catalyst; ceinture belt; cellule cell; centaine -; cerveau brain; chaleur heat;
champ field; champignon fungus; chantier construction site; charge load; charger charge; chaud hot; chauffage heating;
chauffer heat; chaussée pavement; chaîne chain; chercher search; chercheur researcher; chiffrement encryption;
chiffrer encrypt; chimique chemical; chirurgical surgical; chirurgie surgery; choisir select; choix choice; chute
fall; ciblage targeting; cible target; cibler target; circuler circulate; citoyen citizen; clinicien clinician; clé
key; coeur heart; cohorte cohort; colle adhesive; coller bond; combinaison combination; commande control; commander
control; complexité complexity; comportement behaviour; composant component; comprendre understand; compris -; compte
-; compteur meter; conception design; concevoir design; conducteur driver; conduire drive; conduite driving;
connaissance knowledge; connaître know; conseil advice; conseiller advise; conserver preserve; considérablement -;
consortium consortium; construire build; contenu -; contrainte constraint; contrôle control; corriger correct; cote
coast; couche layer; couler flow; coupe section; couplage coupling; courant current; courbe curve; couvrir cover; coût
cost; coûteux costly; criblage screening; cristallisation crystallisation; crue flood; créer create; cuir leather;
cuisson cooking; cuivre copper; culture culture; curatif curative; cyberattaque cyberattack; demain -; dernier -;
dessin design; dessiner design; deuxième -; devenir -; devoir -; diagnostiquer diagnose; difficile difficult;
dimensionnement sizing; diminution reduction; dire -; disponible available; dispositif device; divers -; dizaine -;
données data; dosage dosing; doser dose; douleur pain; durable sustainable; durcir harden; durée duration; débit flow;
déceler detect; déchet waste; déchiffrer decode; découper cut; découverte discovery; découvrir discover; décrire
describe; décès death; dédier -; défaillance failure; défaut defect; dégrader degrade; dégâts damage; déjà -; délai
delay; démarche approach; démontrer demonstrate; dépenser spend; dépistage screening; dépister screen; déplacement
mobility; déplacer move; déploiement deployment; dépolluer remediate; désaccord conflict; désinformation
disinformation; détecter detect; détection detection; détruire destroy; développement development; développer develop;
déverser discharge; eau water; effacer erase; effectuer -; efficace efficient; efficacité efficiency; emballage
packaging; emballer pack; embarqué embedded; emploi employment; empreinte footprint; emprunter borrow; empêcher
prevent; encombrement size; encre ink; endommager damage; enfant child; enfin -; engin vehicle; engrais fertiliser;
enjeu -; enquête survey; enregistrer record; enrichir enrich; enseignant teacher; enseigner teach; ensemble set;
ensemencer seed; ensuite -; entraînement training; entraîner train; entreprise company; entretenir maintain; entretien
maintenance; environnement environment; environnemental environmental; envoyer send; essai trial; essaim swarm;
essayer test; essor -; exemple -; exigence requirement; exploitant operator; exploiter exploit; exploration
exploration; extraire extract; extrait extract; fabrication manufacturing; fabriquer manufacture; faible low; faisant
-; falloir -; fatigue fatigue; façon -; femme woman; fer iron; ferme farm; ferroviaire rail; feu fire; feuille leaf;
fiabilité reliability; fiable reliable; fibre fibre; fil wire; filière sector; filtrage filtering; filtrer filter;
fissure crack; flottant floating; flotte fleet; flotter float; flux flow; fois -; fonctionnalité functionality;
fonctionner operate; fondateur -; fonder base; fondre melt; forage drilling; forer drill; formation training; former
train; fort strong; fouille excavation; four furnace; fournir provide; fournisseur supplier; foyer household; fraude
fraud; frein brake; freiner brake; froid cold; fuite leak; fumée smoke; fusée rocket; gagner gain; garder keep;
gaspillage waste; gel gel; geste gesture; gestion management; glace ice; goutte droplet; grain grain; graine seed;
gravité severity; greffe transplant; greffer transplant; greffon graft; grossesse pregnancy; grossir grow; guider
guide; guérir cure; génique gene; génotypage genotyping; gérer manage; habitant resident; habitat housing; handicap
disability; haut high; hauteur height; herbe grass; heurter collide; hiver winter; houle wave; hui -; huile oil;
humide humid; hôpital hospital; imageur imager; importance importance; impression printing; imprimer print; incendie
fire; indice index; individu individual; induire induce; infirmier nurse; informatique computing; infrarouge infrared;
ingénierie engineering; innovant innovative; innovation innovation; inondation flood; inscrire -; insuffisance
failure; intelligence intelligence; interroger query; intégrer integrate; inventer invent; isolant insulating;
isolation insulation; isoler isolate; issu -; jeu game; jeune young; joindre join; jouer play; jour -; jumelage
twinning; lac lake; laine wool; lait milk; laitier dairy; lancer launch; langue language; large wide; laver wash;
lever raise; levure yeast; liaison link; lien link; lier bind; lieu site; ligne line; lire read; lisser smooth;
livraison delivery; livrer deliver; logement housing; logiciel software; lumière light; lunettes glasses; lutte fight;
lutter fight; léger light; légume vegetable; lésion lesion; machine machine; magnétique magnetic; maillage mesh;
majeur major; majoritairement -; malade patient; maladie disease; malgré -; manière -; marché market; marée tide;
mathématique mathematics; matériau material; matériel equipment; maîtriser control; menace threat; mener conduct; mer
sea; mesure measurement; mesurer measure; mettant -; mettre -; meule mill; mieux -; milieu environment; milliard -;
millier -; minerai ore; mise setting; modélisation modelling; modéliser model; moelle marrow; moins less; moisson
harvest; montrer show; moteur engine; mouillage anchoring; mousse foam; moyen -; mur wall; musée museum; mécanique
mechanical; médecin physician; médical medical; médicament drug; mélange mixture; mélanger mix; métabolique metabolic;
métier profession; naissance birth; nanoparticule nanoparticle; navire ship; neige snow; nettoyage cleaning; nettoyer
clean; neuf new; niveau level; nombreuse -; nombreux -; notamment -; nourrir feed; nourriture food; nouveau new;
novateur innovative; noyau nucleus; nuage cloud; nuire harm; numérique digital; numérisation digitisation; numériser
digitise; nutriment nutrient; objet object; obtenir -; oeil eye; oeuvre -; offrir -; oiseau bird; onde wave; optique
optical; ordinateur computer; organique organic; os bone; osseux bone; outil tool; ouvrage structure; ouvrier worker;
ouvrir -; panne failure; panneau panel; papier paper; parfaitement -; parfois -; paroi wall; part -; partage sharing;
partager share; partenaire partner; partenariat partnership; particulier -; particulièrement -; partir -; passager
passenger; patrimoine heritage; pauvre poor; pauvreté poverty; payer pay; paysage landscape; peau skin; peinture
paint; perdre lose; permettre -; personnalisé personalised; perte loss; peser weigh; peuplement stand; photovoltaïque
photovoltaic; physique physical; pile cell; pilotage control; piloter control; pièce part; piège trap; piéger trap;
piéton pedestrian; plage beach; plaie wound; plastique plastic; plateforme platform; plomb lead; pluie rain; plupart
-; poids weight; poisson fish; pompe pump; pomper pump; pont bridge; portatif portable; porter wear; positionner -;
poudre powder; poumon lung; pourra -; pourrait -; pourront -; pourtant -; poussière dust; pouvant -; pouvoir power;
praticien clinician; pratique practice; premier -; première -; prendre -; preuve evidence; principalement -; proche
near; procédé process; produire produce; profondeur depth; prometteur promising; pronostic prognosis; proposer -;
propre clean; prototypage prototyping; protéger protect; précis precise; précoce early; prédire predict; prélever
sample; prélèvement sample; préserver preserve; prévenir prevent; prévention prevention; prévision forecasting;
prévoir forecast; puce chip; puisque -; puissance power; puits well; pêche fishing; pêcheur fisher; qualité quality;
quelque -; racine root; raffiner refine; ralentir slow; rapide fast; rapport report; rayon radius; rayonnement
radiation; rebut waste; recette recipe; recevoir -; recharge charging; recharger charge; recherche research;
reconnaissance recognition; reconnaître recognise; recueillir collect; recyclage recycling; recycler recycle;
refroidir cool; refroidissement cooling; rein kidney; rejet discharge; relier connect; remplacer replace; remède
remedy; rendement efficiency; rendre -; renforcer strengthen; renouvelable renewable; reposer -; repérer detect;
ressort spring; restaurer restore; retard delay; retarder delay; revêtement coating; revêtir coat; rivière river;
robotique robotics; robustesse robustness; roche rock; roue wheel; route road; routier road; rupture fracture; rythme
rhythm; réacteur reactor; réaliser perform; récemment -; récolte harvest; récolter harvest; réduire reduce; réemploi
reuse; régler adjust; rénovation renovation; rénover renovate; réparation repair; réparer repair; répondre respond;
réseau network; résidu residue; résoudre solve; réunir bring together; réussir succeed; réutilisation reuse;
réutiliser reuse; rééducation rehabilitation; sain healthy; saisir capture; salle room; sang blood; sanguin blood;
santé health; sas -; sauvage wild; sauver save; savoir know; secours rescue; sel salt; semence seed; sensibiliser
raise awareness; sensibilité sensitivity; serre greenhouse; seuil threshold; significatif significant; silicium
silicon; soignant caregiver; soigner treat; soin care; sol soil; solaire solar; soleil sun; son sound; sonde probe;
sortie output; souche strain; soudage welding; soude welding; souder weld; souffle breath; souffrir suffer; souhaiter
-; souple flexible; souris mouse; soutenir support; souterrain underground; soutien support; stade stage; stockage
storage; stocker store; succès -; suivi monitoring; suivre monitor; supprimer remove; surtout -; surveiller monitor;
survie survival; séchage drying; sécher dry; sécheresse drought; sécurité safety; séjour stay; sélectionner select;
séquençage sequencing; sûr safe; sûreté safety; tenir -; tension voltage; tenter -; terrain field; terre land; tester
test; thérapeutique therapeutic; tissu tissue; titane titanium; toit roof; tolérer tolerate; toucher touch; toujours
-; tourner rotate; toux cough; tracer trace; traitement treatment; traiter treat; trajectoire trajectory; trajet trip;
transmettre transmit; travail work; travailler work; travailleur worker; travers -; traçabilité traceability;
tremblement tremor; tri sorting; trier sort; trois -; trouble disorder; trouver find; tueur killer; tumeur tumour;
tuyau pipe; tâche task; tôle sheet; ultrasonore ultrasound; usage use; usager user; user wear; usinage machining;
usine plant; usiner machine; usure wear; utilisateur user; utiliser use; vague wave; vaincre defeat; valeur value;
valorisation valorisation; valoriser valorise; vapeur steam; vecteur vector; vendre sell; venir -; vent wind; verre
glass; verser pour; viande meat; vie life; vieillir age; vieillissement ageing; vigne vine; vih HIV; ville city;
virage bend; vis -; viser -; vitesse speed; vitrage glazing; vivant living; vivre live; voie pathway; voisin
neighbour; voiture car; vol flight; voler fly; volonté will; vont -; vouloir -; vue vision; vélo bicycle; vérifier
verify; véritable -; vêtement clothing; échange exchange; échantillon sample; échelle scale; éclairage lighting;
éclairer light; école school; économiser save; écouler flow; écran screen; écriture writing; égalité equality;
électricité electricity; électrique electric; électronique electronic; élevage livestock; élever breed; éleveur
farmer; émission emission; épais thick; épidémie epidemic; épreuve test; éprouver test; éprouvette specimen; équipe
team; équipement equipment; étage floor; étanche tight; étant -; étape step; éteindre extinguish; étendre extend;
étoile star; étude study; étudier study; évaluation assessment; évaluer assess; éviter avoid; évoluer evolve; œuvre -;
agronomie agronomy; anesthésie anaesthesia; angiogenèse angiogenesis; anticorps antibody; arôme aroma; articulaire
joint; bactérie bacteria; bactérien bacterial; biocapteur biosensor; biais bias; bioingénierie bioengineering;
biomarqueur biomarker; biomécanique biomechanics; biothérapie biotherapy; canal channel; cardiaque cardiac; cellulaire
cellular; chimie chemistry; chimiothérapie chemotherapy; chirurgien surgeon; client customer; cognitif cognitive;
comportemental behavioural; connexion connection; connecter connect; cornée cornea; corps body; couleur colour;
croissance growth; cutané skin; défi challenge; délivrance delivery; démantèlement dismantling; dentaire dental;
département -; dermatologie dermatology; différenciation differentiation; échographie ultrasound; effluent effluent;
enzymatique enzymatic; ergonomie ergonomics; faisceau beam; fibrose fibrosis; fongique fungal; génie engineering;
génome genome; gériatrie geriatrics; grand large; gras fat; gynécologie gynaecology; hépatique hepatic; hospitalier
hospital; hydrogène hydrogen; imagerie imaging; immunitaire immune; immunologie immunology; incertitude uncertainty;
infectieux infectious; inflammatoire inflammatory; institut -; laboratoire -; langage language; leucémie leukaemia;
linéaire linear; littoral coast; manque lack; manuscrit manuscript; marqueur marker; matière matter; membranaire
membrane; métallurgie metallurgy; microalgue microalgae; microbien microbial; microsystème microsystem; militaire
military; modèle model; moléculaire molecular; mobilité mobility; mot word; motricité motor; muqueuse mucosa;
musculaire muscle; nerveux nervous; neurodégénératif neurodegenerative; nombre number; nutritionnel nutritional; océan
ocean; odeur odour; offre -; ophtalmologie ophthalmology; ordonnancement scheduling; oreille ear; orphelin orphan;
paludisme malaria; parcours pathway; parole speech; pensée thought; pétrolier oil; pharmacie pharmacy; pharmacochimie
medicinal; phénotypage phenotyping; phénomène phenomenon; physiologie physiology; physiopathologie pathophysiology;
plante plant; plaquette platelet; plasturgie plastics; préhistoire prehistory; produit product; protéine protein;
protéomique proteomics; radiologue radiologist; réanimation resuscitation; réadaptation rehabilitation; réponse
response; requête query; résistance resistance; respiratoire respiratory; rétine retina; rétinien retinal;
schizophrénie schizophrenia; science science; semencier seed; sens sense; serveur server; siècle century; société
society; sommeil sleep; sportif sports; synthèse synthesis; système system; taille size; télévision television; teneur
content; tête head; théorie theory; théorique theoretical; tissulaire tissue; toxine toxin; translationnel
translational; tumoral tumour; unité -; urbanisme planning; urinaire urinary; vaisseau vessel; vasculaire vascular;
végétal plant; venin venom; veille monitoring; virologie virology; visage face; vocal vocal; voix voice; énergie
energy; énergétique energy; épidémiologie epidemiology; état state; technologie technology; commercialiser market;
activité activity; clinique clinical; interaction interaction; génétique genetic; droit law; communication
communication; social social; direction -; fonctionnel functional; associer associate; écologie ecology; public
public; spécifique specific; sein -; processus process; gamme range; politique policy; travaux -; spécialiser
specialise; automatique automatic; avancée advance; assurer ensure; mondial world; prise -; prestation service;
constituer -; national national; cea CEA; possibilité -; cadre -; population population; seul -; maison house; petit
small; opérateur operator; administration administration; ajouter add; extrêmement -; virtuel virtual; automatiser
automate; supérieur higher; signalisation signalling; porteur carrier; établir -; garantir guarantee; vaccin vaccine;
changement change; hôte host; commercial commercial; diagnostique diagnostic; mixte -; raison -; problématique
problem; analytique analytical; interne internal; complémentaire complementary; concurrent competitor; identité
identity; intéresser -; nécessiter -; nécessaire -; contrat contract; passer -; éditer publish; éditeur publisher;
profil profile; pierre stone; finance finance; responsable -; neurologique neurological; chronique chronic; réactif
reagent; téléphone phone; nanométrique nanometric; font -; destructif destructive; pathogenèse pathogenesis; hépatite
hepatitis; personnel personnel; acquis -; indépendant independent; exprimer express; heure hour; condensé condensed;
audition hearing; synthétique synthetic; obtention -; transparent transparent; déposer file; long long; biodégradable
biodegradable; oxydation oxidation; bureau office; concours -; oncogenèse oncogenesis; prospectif prospective; pousser
-; complication complication; inorganique inorganic; nucléique nucleic; intermédiaire intermediate; prêt ready;
participer -; doter -; contribuer -; tour tower; audiovisuel audiovisual; addiction addiction; régional regional;
outre -; rennes Rennes; sensible sensitive; critique critical; excellent excellent; stimulation stimulation; sud
south; constater -; original novel; nouvelle new; start startup; objectif aim; secteur sector; domaine field; solution
solution; service service; projet project; création creation; application application; type type; point -; thérapie
therapy; patient patient; molécule molecule; gaz gas; liquide liquid; fluide fluid; circuit circuit; fréquence
frequency; image image; analyse analysis; industriel industrial; industrie industry; surface surface; information
information; web web; simulation simulation
"""


@cache
def french_words() -> Mapping[str, str]:
    """The English word of each French stem, empty for words that say nothing; of words with one stem the first."""
    words: dict[str, str] = {}
    for pair in _WORDS.replace("\n", " ").split(";"):
        french, english = pair.split(maxsplit=1)
        if french_stem := stem(french, Language.FR):
            words.setdefault(french_stem, english.strip(" -"))
    return words
