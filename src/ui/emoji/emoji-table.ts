/**
 * The emoji that can be chosen and completed, by group: each with its name, and behind it words by
 * which it is also found. Written by hand: those that people use, and names as they know them. It
 * is a file of its own that the page loads when somebody first asks for an emoji.
 */
export const emojiTable = `
# smileys
😀 grinning smile happy ; 😃 smiley happy joy ; 😄 smile happy laugh ; 😁 beaming grin
😆 laughing satisfied haha ; 😅 sweat_smile relief phew ; 🤣 rofl rolling laugh lol
😂 joy tears laugh lol ; 🙂 slight_smile fine ; 🙃 upside_down silly irony ; 🫠 melting heat
😉 wink ; 😊 blush smile shy ; 😇 innocent angel halo ; 🥰 smiling_hearts love ; 😍 heart_eyes love
🤩 star_struck wow ; 😘 kissing_heart kiss ; 😗 kissing ; 😚 kissing_closed_eyes
😙 kissing_smiling_eyes ; 🥲 smiling_tear ; 😋 yum delicious ; 😛 tongue ; 😜 winking_tongue crazy
🤪 zany goofy ; 😝 squinting_tongue ; 🤑 money_mouth rich ; 🤗 hugging hug
🤭 hand_over_mouth oops giggle ; 🫢 open_eyes_hand_over_mouth gasp ; 🫣 peeking shy
🤫 shushing quiet secret ; 🤔 thinking hmm ; 🫡 saluting yes ; 🤐 zipper_mouth secret
🤨 raised_eyebrow doubt ; 😐 neutral_face meh ; 😑 expressionless ; 😶 no_mouth silent
🫥 dotted_line_face invisible ; 😏 smirk ; 😒 unamused ; 🙄 rolling_eyes ; 😬 grimacing awkward
🤥 lying pinocchio ; 😌 relieved ; 😔 pensive sad ; 😪 sleepy ; 🤤 drooling ; 😴 sleeping zzz
😷 mask sick ; 🤒 thermometer_face ill ; 🤕 head_bandage hurt ; 🤢 nauseated sick ; 🤮 vomiting
🤧 sneezing cold ; 🥵 hot_face heat ; 🥶 cold_face freezing ; 🥴 woozy drunk ; 😵 dizzy_face
🤯 exploding_head mind_blown ; 🤠 cowboy ; 🥳 partying party celebrate ; 🥸 disguised
😎 sunglasses cool ; 🤓 nerd ; 🧐 monocle ; 😕 confused ; 🫤 diagonal_mouth unsure ; 😟 worried
🙁 slight_frown ; 😮 open_mouth surprise wow ; 😯 hushed ; 😲 astonished ; 😳 flushed
🥺 pleading puppy ; 🥹 holding_back_tears ; 😦 frowning ; 😧 anguished ; 😨 fearful scared
😰 cold_sweat anxious ; 😥 sad_relieved ; 😢 cry sad tear ; 😭 sob crying ; 😱 scream fear
😖 confounded ; 😣 persevering ; 😞 disappointed ; 😓 downcast_sweat ; 😩 weary tired ; 😫 tired_face
🥱 yawning bored ; 😤 triumph steam huff ; 😡 rage angry ; 😠 angry mad ; 🤬 cursing swearing
😈 smiling_imp devil ; 👿 imp devil ; 💀 skull dead ; 💩 poop ; 🤡 clown ; 👻 ghost boo ; 👽 alien
👾 space_invader game ; 🤖 robot bot ; 🎃 jack_o_lantern halloween ; 😺 smiley_cat ; 😸 grinning_cat
😹 joy_cat ; 😻 heart_eyes_cat ; 😼 smirk_cat ; 🙀 scream_cat ; 😿 crying_cat ; 🙈 see_no_evil monkey
🙉 hear_no_evil monkey ; 🙊 speak_no_evil monkey
# people
👋 wave hello bye hi ; 🤚 raised_back_of_hand ; ✋ raised_hand stop ; 🖖 vulcan spock
👌 ok_hand perfect ; 🤌 pinched_fingers ; 🤏 pinching small ; ✌️ victory peace
🤞 crossed_fingers luck ; 🫰 finger_heart ; 🤟 love_you_gesture ; 🤘 metal rock horns
🤙 call_me shaka ; 👈 point_left ; 👉 point_right ; 👆 point_up ; 👇 point_down ; ☝️ index_up
👍 +1 thumbs_up yes like good ; 👎 -1 thumbs_down no dislike bad ; ✊ fist ; 👊 punch fist_bump
👏 clap applause bravo ; 🙌 raised_hands hooray praise ; 🫶 heart_hands love ; 👐 open_hands
🤲 palms_up ; 🤝 handshake deal ; 🙏 pray please thanks folded_hands ; ✍️ writing ; 💅 nail_care
🤳 selfie ; 💪 muscle strong ; 🧠 brain ; 👀 eyes look see ; 👁️ eye ; 👅 tongue_out ; 👄 lips mouth
👶 baby ; 🧒 child ; 👦 boy ; 👧 girl ; 🧑 person adult ; 👨 man ; 👩 woman ; 🧓 older_person
🙋 raising_hand question ; 🤷 shrug whatever ; 🤦 facepalm ; 🙅 no_good ; 🙆 ok_person ; 🙇 bow sorry
💁 tipping_hand ; 🧑‍💻 technologist coder developer ; 🧑‍🏫 teacher ; 🧑‍🎓 student graduate
🧑‍🔬 scientist ; 🧑‍🚀 astronaut space ; 🧑‍🍳 cook chef ; 🧑‍🎨 artist ; 🥷 ninja ; 🦸 superhero
🧙 mage wizard ; 🧟 zombie ; 🚶 walking ; 🏃 running run ; 💃 dancer dance ; 🕺 man_dancing dance
🧘 meditation yoga ; 🏊 swimmer ; 🚴 cyclist bike ; 👪 family ; 👥 people ; 🫂 hug_people
# nature
🐶 dog ; 🐱 cat ; 🐭 mouse ; 🐹 hamster ; 🐰 rabbit bunny ; 🦊 fox ; 🐻 bear ; 🐼 panda ; 🐨 koala
🐯 tiger ; 🦁 lion ; 🐮 cow ; 🐷 pig ; 🐸 frog ; 🐵 monkey ; 🐔 chicken ; 🐧 penguin ; 🐦 bird ; 🐤 chick
🦆 duck ; 🦅 eagle ; 🦉 owl ; 🐺 wolf ; 🐴 horse ; 🦄 unicorn ; 🐝 bee ; 🐛 bug ; 🦋 butterfly ; 🐌 snail
🐞 ladybug ; 🐜 ant ; 🕷️ spider ; 🐢 turtle slow ; 🐍 snake ; 🦎 lizard ; 🦖 t_rex dinosaur
🐙 octopus ; 🦀 crab ; 🐠 fish ; 🐬 dolphin ; 🐳 whale ; 🦈 shark ; 🐘 elephant ; 🦒 giraffe ; 🐑 sheep
🐐 goat ; 🦔 hedgehog ; 🦥 sloth ; 🐾 paws ; 💐 bouquet flowers ; 🌸 cherry_blossom spring ; 🌹 rose
🌻 sunflower ; 🌷 tulip ; 🌱 seedling plant ; 🌲 evergreen tree ; 🌳 tree ; 🌴 palm_tree ; 🌵 cactus
🍀 four_leaf_clover luck ; 🍁 maple_leaf autumn ; 🍄 mushroom ; 🌍 earth_africa world globe
🌎 earth_americas world globe ; 🌏 earth_asia world globe ; 🌙 moon night ; 🌚 new_moon_face
🌞 sun_face ; ⭐ star ; 🌟 glowing_star ; ✨ sparkles new shiny ; ⚡ zap lightning fast ; ☄️ comet
💥 boom explosion ; 🔥 fire hot lit ; 🌈 rainbow ; ☀️ sunny sun ; ⛅ partly_sunny ; ☁️ cloud
🌧️ rain ; ⛈️ thunderstorm ; ❄️ snowflake cold ; ⛄ snowman ; 💨 dash wind ; 💧 droplet water
🌊 ocean wave_water sea
# food
🍏 green_apple ; 🍎 apple ; 🍐 pear ; 🍊 orange tangerine ; 🍋 lemon ; 🍌 banana ; 🍉 watermelon
🍇 grapes ; 🍓 strawberry ; 🫐 blueberries ; 🍒 cherries ; 🍑 peach ; 🥭 mango ; 🍍 pineapple
🥥 coconut ; 🥝 kiwi ; 🍅 tomato ; 🥑 avocado ; 🌶️ hot_pepper spicy ; 🌽 corn ; 🥕 carrot ; 🥔 potato
🍞 bread ; 🥐 croissant ; 🥨 pretzel ; 🧀 cheese ; 🥚 egg ; 🍳 cooking fried_egg ; 🥞 pancakes
🥓 bacon ; 🍔 burger hamburger ; 🍟 fries ; 🍕 pizza ; 🌭 hot_dog ; 🥪 sandwich ; 🌮 taco ; 🌯 burrito
🥗 salad ; 🍝 spaghetti pasta ; 🍜 ramen noodles ; 🍲 stew ; 🍣 sushi ; 🍱 bento ; 🍚 rice
🍩 doughnut donut ; 🍪 cookie ; 🎂 birthday cake ; 🍰 cake ; 🧁 cupcake ; 🍫 chocolate ; 🍬 candy
🍭 lollipop ; 🍿 popcorn ; ☕ coffee tea ; 🍵 green_tea ; 🍼 baby_bottle ; 🥤 cup_with_straw
🧋 bubble_tea ; 🍺 beer ; 🍻 beers cheers ; 🥂 clinking_glasses cheers ; 🍷 wine ; 🍸 cocktail
🍾 champagne celebrate ; 🧊 ice ; 🍴 fork_and_knife
# activities
⚽ soccer football ; 🏀 basketball ; 🏈 american_football ; ⚾ baseball ; 🎾 tennis ; 🏐 volleyball
🏓 ping_pong ; 🏸 badminton ; 🥊 boxing_glove ; 🎯 dart target bullseye ; 🎳 bowling
🎮 video_game controller ; 🎲 die game dice ; 🧩 puzzle ; ♟️ chess ; 🏆 trophy win
🥇 first_place gold ; 🥈 second_place silver ; 🥉 third_place bronze ; 🏅 medal
🎉 tada party celebrate hooray ; 🎊 confetti party ; 🎈 balloon ; 🎁 gift present ; 🎄 christmas_tree
🎆 fireworks ; 🎨 art paint ; 🎭 theater ; 🎬 clapper film movie ; 🎤 microphone sing
🎧 headphones music ; 🎵 musical_note music ; 🎶 notes music ; 🎹 piano ; 🥁 drum ; 🎸 guitar
🎺 trumpet ; 🎻 violin
# travel
🚗 car ; 🚕 taxi ; 🚌 bus ; 🚓 police_car ; 🚑 ambulance ; 🚒 fire_engine ; 🚚 truck ; 🚜 tractor
🚲 bicycle bike ; 🛵 scooter ; 🚨 siren alert ; 🚦 traffic_light ; 🚧 construction
🚂 train locomotive ; 🚄 bullet_train ; 🚇 metro ; ✈️ airplane flight ; 🛫 departure
🚀 rocket launch ship ; 🛸 ufo ; 🛰️ satellite ; 🚁 helicopter ; ⛵ sailboat ; 🚢 ship ; ⚓ anchor
🗺️ map ; 🏔️ mountain ; 🏕️ camping ; 🏖️ beach ; 🏝️ island ; 🏠 house home ; 🏢 office ; 🏥 hospital
🏫 school ; 🏭 factory ; 🏰 castle ; 🗽 liberty ; 🗼 tower ; 🌋 volcano ; 🌅 sunrise ; 🌃 night_city
🎡 ferris_wheel ; 🔭 telescope
# objects
⌚ watch ; 📱 phone mobile ; 💻 laptop computer ; ⌨️ keyboard ; 🖥️ desktop computer ; 🖨️ printer
🖱️ computer_mouse ; 💾 floppy save ; 💿 cd ; 📷 camera ; 🎥 movie_camera ; 📞 telephone call ; 📺 tv
📻 radio ; ⏰ alarm_clock ; ⏳ hourglass wait time ; ⌛ hourglass_done ; 🔋 battery ; 🪫 low_battery
🔌 plug ; 💡 bulb idea light ; 🔦 flashlight ; 🕯️ candle ; 🗑️ wastebasket trash delete
💰 money_bag ; 💵 dollar money ; 💳 credit_card ; 💎 gem ; ⚖️ scales law ; 🔧 wrench fix
🔨 hammer build ; 🛠️ tools ; ⚙️ gear settings ; 🧲 magnet ; 🧪 test_tube ; 🧬 dna ; 🔬 microscope
💊 pill ; 💉 syringe ; 🩹 bandage ; 🧹 broom clean ; 🧻 toilet_paper ; 🛒 cart shopping ; 🎀 ribbon
✉️ envelope mail ; 📧 email ; 📦 package box ; 📜 scroll ; 📄 page document ; 📰 newspaper
📊 bar_chart ; 📈 chart_up growth ; 📉 chart_down ; 📅 calendar date ; 📌 pushpin pin
📍 round_pushpin place ; 📎 paperclip ; ✂️ scissors cut ; 🔒 lock closed ; 🔓 unlock open ; 🔑 key
🗝️ old_key ; 🛡️ shield ; 💣 bomb ; 📖 book read ; 📚 books ; 📝 memo note write ; ✏️ pencil
🔍 mag search ; 🔔 bell ; 🔕 no_bell mute ; 📣 megaphone ; 📢 loudspeaker ; 🎓 graduation_cap
👓 glasses ; 👑 crown ; 👟 sneaker ; 🧢 cap ; ☂️ umbrella ; 💍 ring ; 🚪 door ; 🛏️ bed ; 🛁 bathtub
🧸 teddy_bear
# symbols
❤️ heart love red ; 🧡 orange_heart ; 💛 yellow_heart ; 💚 green_heart ; 💙 blue_heart
🩵 light_blue_heart ; 💜 purple_heart ; 🩷 pink_heart ; 🖤 black_heart ; 🤍 white_heart
🤎 brown_heart ; 💔 broken_heart ; ❤️‍🔥 heart_on_fire ; 💕 two_hearts ; 💖 sparkling_heart ; 💘 cupid
💯 100 hundred perfect ; 💢 anger ; 💬 speech_balloon comment ; 💭 thought_balloon ; 💤 zzz sleep
✅ check done yes ; ☑️ ballot_check ; ✔️ check_mark ; ❌ x no wrong ; ❎ cross_mark ; ➕ plus add
➖ minus ; ➗ divide ; ✖️ multiply ; ♾️ infinity ; ❓ question ; ❔ grey_question ; ❗ exclamation
‼️ double_exclamation ; ⁉️ interrobang ; ⚠️ warning ; 🚫 prohibited forbidden no ; ⛔ no_entry
🛑 stop_sign ; ♻️ recycle ; 🔴 red_circle ; 🟠 orange_circle ; 🟡 yellow_circle ; 🟢 green_circle
🔵 blue_circle ; 🟣 purple_circle ; ⚫ black_circle ; ⚪ white_circle ; 🔺 red_triangle
🔷 blue_diamond ; ⬆️ arrow_up ; ⬇️ arrow_down ; ⬅️ arrow_left ; ➡️ arrow_right
↩️ leftwards_hook reply ; 🔄 arrows_counterclockwise refresh ; 🔁 repeat ; 🔀 shuffle ; ▶️ play
⏸️ pause ; ⏹️ stop_button ; ⏭️ next_track ; 🆕 new ; 🆗 ok ; 🆘 sos help ; 🔝 top ; 🔜 soon
0️⃣ zero ; 1️⃣ one ; 2️⃣ two ; 3️⃣ three ; 4️⃣ four ; 5️⃣ five ; 🔟 ten ; #️⃣ hash ; ♀️ female
♂️ male ; ☮️ peace_symbol ; ☯️ yin_yang ; 🏁 checkered_flag finish ; 🚩 red_flag ; 🏳️ white_flag
🏴 black_flag ; 🏳️‍🌈 rainbow_flag pride ; 🏳️‍⚧️ transgender_flag ; 🏴‍☠️ pirate_flag
`;
