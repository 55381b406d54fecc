/** What this device may have its own way, and the way out of the room. */
import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Icon } from '../icon.tsx';
import { icons } from '../icons-aside.ts';
import { Nick } from '../people/nick.tsx';
import { askToNotify, standing, type Standing } from '../attention/permission.ts';
import { usePage } from '../page.ts';
import { Panel } from '../panel.tsx';
import { choicesOf, choose, settings, type SettingName, type Settings } from './settings.ts';
import { ring } from '../attention/tone.ts';
import { languages, words } from '../words/words.ts';
import { entersSend, rescueFocus } from '../writing/writing.ts';

export function SettingsPanel() {
  const { settings: own } = words;
  return (
    <Panel name="settings" title={own.title} label={own.title}>
      <Look />
      <Keyboard />
      <Elsewhere />
      <Here />
      <p class="aside">{own.onlyHere}</p>
    </Panel>
  );
}

function Look() {
  const { look, theme, themes, textSize, textSizes, hours, hoursOf } = words.settings;
  return (
    <section>
      <h3>{look}</h3>
      <Choice name="theme" label={theme} names={themes} />
      <Choice name="textSize" label={textSize} names={textSizes} />
      <Choice name="hours" label={hours} names={hoursOf} />
      {languages.length > 1 && <Language />}
    </section>
  );
}

function Keyboard() {
  const { keys } = usePage();
  const own = words.settings;
  return (
    <section>
      <h3>{own.writing}</h3>
      <Switch
        name="enter"
        isOn={entersSend()}
        on="send"
        off="line"
        label={own.enterSends}
        why={own.enterSendsWhy}
      />
      <Switch name="singleKeys" label={own.singleKeys} why={own.singleKeysWhy} />
      <button
        type="button"
        class="plain"
        onClick={() => {
          keys.value = true;
        }}
      >
        <Icon path={icons.keyboard} />
        {own.keys}
      </button>
    </section>
  );
}

function Elsewhere() {
  const own = words.settings;
  const wanted = settings.value.notifications;
  const found = useSignal<Standing>(wanted === 'off' ? 'ready' : standing());
  const notify = async (chosen: Settings['notifications']): Promise<void> => {
    // Only in answer to this: nobody is asked for it out of the blue.
    found.value = chosen === 'off' ? 'ready' : await askToNotify();
    choose({ notifications: found.value === 'ready' ? chosen : 'off' });
  };
  return (
    <section>
      <h3>{own.notice}</h3>
      <Choice
        name="notifications"
        label={own.notifications}
        names={own.notificationsOf}
        // What was chosen once may not be allowed any more.
        value={found.value === 'ready' ? wanted : 'off'}
        choose={(chosen) => void notify(chosen)}
      />
      <p class="refusal" role="alert">
        {found.value !== 'ready' && own.notificationsMissing[found.value]}
      </p>
      <Switch name="sound" label={own.sound} />
      <button type="button" class="plain" onClick={() => void ring()}>
        {own.trySound}
      </button>
    </section>
  );
}

/** Who we are, and the way out: it asks once more, since it cannot be taken back. */
function Here() {
  const { client, you, panel } = usePage();
  const isSure = useSignal(false);
  const sure = useRef<HTMLButtonElement>(null);
  // The button that was pressed is gone; the question stands in its place.
  useLayoutEffect(() => sure.current?.focus(), [isSure.value]);
  const own = words.settings;
  if (you.value === null) return null;
  const leave = async (): Promise<void> => {
    await client.leave();
    panel.value = null;
    rescueFocus();
  };
  return (
    <section>
      <h3>{own.here}</h3>
      <p>{own.hereAs(<Nick nick={you.value.nick} />)}</p>
      {isSure.value ? (
        <div class="leaving" role="alert">
          <p>{own.leaveSure}</p>
          <button type="button" class="plain danger" ref={sure} onClick={() => void leave()}>
            {own.leaveYes}
          </button>
          <button
            type="button"
            class="plain"
            onClick={() => {
              panel.value = null;
            }}
          >
            {own.leaveNo}
          </button>
        </div>
      ) : (
        <button
          type="button"
          class="plain"
          onClick={() => {
            isSure.value = true;
          }}
        >
          <Icon path={icons.leave} />
          {own.leave}
        </button>
      )}
    </section>
  );
}

interface ChoiceProps<Name extends SettingName> {
  readonly name: Name;
  readonly label: string;
  readonly names: Readonly<Record<Settings[Name], string>>;
  /** What is shown as chosen, where it is not what is kept. */
  readonly value?: Settings[Name];
  readonly choose?: (value: Settings[Name]) => void;
}

function Choice<Name extends SettingName>(props: ChoiceProps<Name>) {
  const { name, label, names, value: shown = settings.value[name] } = props;
  return (
    <label class="setting">
      <span>{label}</span>
      <select
        name={name}
        value={shown}
        onChange={(event) => {
          const chosen = choicesOf(name).find((value) => value === event.currentTarget.value);
          if (chosen === undefined) return;
          if (props.choose) props.choose(chosen);
          else choose({ [name]: chosen });
        }}
      >
        {choicesOf(name).map((value) => (
          <option key={value} value={value}>
            {names[value]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface SwitchProps {
  readonly name: SettingName;
  readonly label: string;
  readonly why?: string;
  readonly isOn?: boolean;
  readonly on?: string;
  readonly off?: string;
}

function Switch({ name, label, why, on = 'on', off = 'off', ...props }: SwitchProps) {
  const { isOn = settings.value[name] === on } = props;
  return (
    <label class="setting switch">
      <span>
        {label}
        {why !== undefined && <small>{why}</small>}
      </span>
      <input
        type="checkbox"
        role="switch"
        name={name}
        checked={isOn}
        onChange={(event) => choose({ [name]: event.currentTarget.checked ? on : off })}
      />
    </label>
  );
}

/** Everything that is drawn has its words already, so another language begins the page anew. */
function Language() {
  const { language, languageAuto } = words.settings;
  return (
    <label class="setting">
      <span>{language}</span>
      <select
        name="language"
        value={settings.value.language}
        onChange={(event) => {
          choose({ language: event.currentTarget.value });
          location.reload();
        }}
      >
        <option value="auto">{languageAuto}</option>
        {languages.map((code) => (
          <option key={code} value={code} lang={code}>
            {new Intl.DisplayNames(code, { type: 'language' }).of(code)}
          </option>
        ))}
      </select>
    </label>
  );
}
