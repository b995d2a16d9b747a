// The page as an auditor uses it, in a real browser: `npm test`, or `node page.test.mjs PAGE.html COMMAND`.
//
// It opens the page from a file, drops cases, reads and decides findings, saves, closes, opens again, compares and exports;
// it holds the page to the command on every fixture (`CHECKS=word` runs those that are named so), and sees to it that nothing leaves the page.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { start } from './browser.mjs';

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const page = resolve(process.argv[2] ?? join(root, '抽查审查.html'));
const command = resolve(process.argv[3] ?? join(root, 'target/debug/choucha'));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const scratch = mkdtempSync(join(tmpdir(), 'page-'));
const fixture = (/** @type {string} */ name) => join(root, 'fixtures', name);

const browser = await start();
/** @type {string[]} */
const wrong = [];

/** A new window with the page; every request is recorded. */
async function open(/** @type {string} */ path = page, /** @type {any} */ context = undefined) {
  const within = context ?? (await browser.newContext({ viewport: { width: 1280, height: 800 } }));
  const tab = await within.newPage();
  // A busy machine is slow, not wrong.
  tab.setDefaultTimeout(120000);
  tab.on('pageerror', (/** @type {Error} */ error) => wrong.push(error.message));
  tab.on('console', (/** @type {any} */ told) => told.type() === 'error' && wrong.push(told.text()));
  tab.on('request', (/** @type {any} */ request) => {
    if (!/^(file|blob|data):/.test(request.url())) {
      wrong.push('a request left the page: ' + request.url());
    }
  });
  await tab.goto(pathToFileURL(path).href);
  return tab;
}

/** Gives the page files and waits for the audit. */
async function give(/** @type {any} */ tab, /** @type {string[]} */ paths) {
  await tab.setInputFiles('#files', paths);
  await tab.waitForFunction(
    () => !document.querySelector('.working') && !['', '#start'].includes(location.hash),
  );
}

/** The command's output, whatever its exit code. */
function commandText(/** @type {string[]} */ args) {
  const ran = spawnSync(command, args, { maxBuffer: 1e9, encoding: 'utf8' });
  assert.ok(ran.stdout, ran.stderr);
  return ran.stdout;
}

async function accessible(/** @type {any} */ tab, /** @type {string} */ where) {
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() =>
    /** @type {any} */ (window).axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }),
  );
  const told = violations.map(
    (/** @type {any} */ it) => it.id + ': ' + it.nodes.map((/** @type {any} */ n) => n.target.join(' ')).slice(0, 3).join(', '),
  );
  assert.deepEqual(told, [], where + ' is accessible');
}

async function saved(/** @type {any} */ tab, /** @type {() => Promise<void>} */ act) {
  const [download] = await Promise.all([tab.waitForEvent('download'), act()]);
  const path = join(scratch, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** @type {[string, () => Promise<void>][]} */
const checks = [
  [
    'a case is audited, decided, saved, closed, opened again and exported',
    async () => {
      const tab = await open();
      await accessible(tab, 'the start');
      await give(tab, [fixture('shanxi-2024-batch-1/late-mailing.yaml')]);
      assert.match(await tab.locator('h1').first().innerText(), /晋抽2024-1-042/);
      const card = tab.locator('#finding-report\\.failed\\.mail-to-province');
      assert.match(await card.innerText(), /逾期4日/);
      assert.match(await card.locator('figure').innerText(), /四是将检验不合格报告在报告出具后7日内寄送/);
      await card.getByText('第190行').click();
      assert.match(await tab.locator('.lines .here').innerText(), /posted_on: 2024-03-12/);
      await card.getByText('逐日计算').click();
      assert.match(await card.locator('.days').innerText(), /第7日 3月8日（周五），届满/);
      await accessible(tab, 'a case');
      await tab.getByLabel('审查人姓名').fill('示例审查员');
      await card.getByLabel('属实', { exact: true }).check();
      await card.getByLabel('理由').fill('与邮寄凭证核对一致');
      await card.getByLabel('卷内页码').fill('37');
      await card.getByLabel('卷内页码').blur();
      await tab.waitForTimeout(1500);
      const project = await saved(tab, () => tab.getByRole('button', { name: '保存项目' }).click());
      const held = JSON.parse(readFileSync(project, 'utf8'));
      assert.equal(held.schema, 'choucha.project/1');
      assert.match(held.inputs[0].sha256, /^sha256:[0-9a-f]{64}$/);
      const [{ obligation, judgement }] = held.judgements;
      assert.equal(obligation, 'report.failed.mail-to-province');
      assert.deepEqual(
        [judgement.verdict, judgement.reason, judgement.page, judgement.by, judgement.finding.outcome],
        ['confirmed', '与邮寄凭证核对一致', '37', '示例审查员', 'violated'],
      );
      await tab.close();

      const again = await open();
      await again.setInputFiles('#project', project);
      await again.getByRole('link', { name: '案卷', exact: true }).click();
      await again.getByRole('link', { name: '晋抽2024-1-042' }).click();
      const same = again.locator('#finding-report\\.failed\\.mail-to-province');
      assert.equal(await same.getByLabel('卷内页码').inputValue(), '37');
      assert.equal(await same.getByLabel('属实', { exact: true }).isChecked(), true);
      await again.close();
    },
  ],
  [
    'what was decided and not saved is there after the window was closed',
    async () => {
      const context = await browser.newContext();
      const tab = await open(page, context);
      await give(tab, [fixture('shanxi-2024-batch-1/late-mailing.yaml')]);
      await tab.locator('.judgement').first().getByLabel('不属实').check();
      await tab.waitForTimeout(2500);
      await tab.close();
      const again = await open(page, context);
      await again.getByRole('button', { name: '继续' }).click();
      await again.getByRole('link', { name: '案卷', exact: true }).click();
      await again.getByRole('link', { name: '晋抽2024-1-042' }).click();
      assert.equal(await again.locator('.judgement').first().getByLabel('不属实').isChecked(), true);
      await context.close();
    },
  ],
  [
    'a fact is assumed to be otherwise, and the page says what that changes',
    async () => {
      const tab = await open();
      await give(tab, [fixture('shanxi-2024-batch-1/late-mailing.yaml')]);
      const card = tab.locator('#finding-report\\.failed\\.mail-to-province');
      const row = card.locator('.facts tr', { hasText: '报送省局·寄出日期' });
      await row.getByRole('button', { name: '假设…' }).click();
      await tab.getByLabel('假设的内容').fill('2024-03-08');
      await tab.getByRole('button', { name: '看变化' }).click();
      const told = tab.locator('.whatif tbody tr', { hasText: '不合格检验报告7日内寄送省局' });
      await told.waitFor();
      assert.match(await told.innerText(), /违规[\s\S]*合规/);
      // The finding itself stays as it was.
      assert.match(await card.innerText(), /逾期4日/);
      await tab.getByLabel('假设的内容').fill('3月40日');
      await tab.getByRole('button', { name: '看变化' }).click();
      await tab.locator('.whatif .told').waitFor();
      assert.match(await tab.locator('.whatif .told').innerText(), /3月40日/);
      await tab.close();
    },
  ],
  [
    'after rectification the page says what was cured and what is new',
    async () => {
      const tab = await open();
      await give(tab, [fixture('shanxi-2024-batch-1/late-mailing.yaml')]);
      const before = await saved(tab, () => tab.getByRole('button', { name: '保存项目' }).click());
      const cured = join(scratch, 'late-mailing.yaml');
      const text = readFileSync(fixture('shanxi-2024-batch-1/late-mailing.yaml'), 'utf8');
      writeFileSync(cured, text.replace('posted_on: 2024-03-12', 'posted_on: 2024-03-08'));
      await tab.evaluate(() => {
        location.hash = '#start';
      });
      await give(tab, [cured]);
      await tab.getByRole('link', { name: '整改复核' }).click();
      await tab.setInputFiles('#before', before);
      const row = tab.locator('.list-row', { hasText: '不合格检验报告7日内寄送省局' });
      assert.match(await row.innerText(), /已改或减轻/);
      await tab.close();
    },
  ],
  [
    'a campaign has its overview, and every number leads to its cases',
    async () => {
      const tab = await open();
      const folder = fixture('campaigns/shanxi-2024-batch-1/files');
      await give(tab, readdirSync(folder).map((name) => join(folder, name)));
      await accessible(tab, 'the overview');
      const told = JSON.parse(commandText(['audit', folder, '--format', 'json']));
      assert.ok(told.summary.violated > 0);
      const tile = tab.getByRole('button', { name: new RegExp('^' + told.summary.violated + '\\s*违规的案卷') });
      await tile.click();
      await tab.waitForFunction(() => location.hash === '#cases');
      assert.match(await tab.locator('.count').innerText(), new RegExp('共' + told.summary.violated + '份'));
      await accessible(tab, 'the list of cases');
      await tab.getByRole('link', { name: '跨案' }).click();
      assert.ok((await tab.locator('.list-row').count()) > 0);
      await tab.getByRole('button', { name: 'English' }).click();
      await tab.waitForFunction(() => !document.querySelector('.working') && document.documentElement.lang === 'en');
      await tab.getByRole('link', { name: 'Overview' }).click();
      assert.match(await tab.locator('main').innerText(), /By duty/);
      assert.doesNotMatch(await tab.locator('header.bar').innerText(), /[\u4e00-\u9fff]{3}/);
      await tab.close();
    },
  ],
  [
    'the page and the command agree on every fixture',
    async () => {
      const tab = await open();
      for (const folder of readdirSync(join(root, 'fixtures')).filter((name) => name.includes('-20'))) {
        const files = readdirSync(fixture(folder)).filter((name) => /\.(yaml|json)$/.test(name));
        await tab.evaluate(() => {
          location.hash = '#start';
        });
        await give(tab, files.map((name) => fixture(folder + '/' + name)));
        const json = await saved(tab, async () => {
          await tab.locator('.menu summary').click();
          await tab.getByRole('button', { name: '全部结果（json）' }).click();
        });
        const of = (/** @type {any} */ run) =>
          run.cases
            .map((/** @type {any} */ it) => [
              it.case.replace(/^\/in\//, ''),
              it.outcome,
              it.counts,
              it.findings.map((/** @type {any} */ f) => [f.obligation, f.outcome, f.because, f.due, f.citations]),
            ])
            .sort((/** @type {any} */ a, /** @type {any} */ b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
        const out = commandText(['audit', fixture(folder), '--format', 'json', '--lang', 'zh']);
        const here = of(JSON.parse(readFileSync(json, 'utf8')));
        const there = of(JSON.parse(out.replaceAll(fixture(folder) + '/', '')));
        assert.equal(here.length, files.length);
        assert.deepEqual(here, there, folder);
      }
      await tab.close();
    },
  ],
  [
    'a workbook is audited and its results are a workbook',
    async () => {
      const tab = await open();
      await give(tab, [fixture('campaigns/shanxi-2024-batch-1/workbook/台账.xlsx')]);
      const book = await saved(tab, async () => {
        await tab.locator('.menu summary').click();
        await tab.getByRole('button', { name: '结果工作簿' }).click();
      });
      const bytes = readFileSync(book);
      assert.equal(bytes.subarray(0, 4).toString('latin1'), 'PK\u0003\u0004');
      assert.ok(bytes.length > 50000);
      await tab.close();
    },
  ],
  [
    'columns that are not known are placed by mouse and by keyboard, and words are told what they mean',
    async () => {
      const table = join(scratch, '台账.csv');
      const head = '2024年抽查台账\n案卷编号,适用规则集,抽检时间,检验结论,经手,附记\n';
      const row = (/** @type {number} */ n, /** @type {string} */ word) =>
        '示例-' + n + ',shanxi/2024-batch-1,2024-01-2' + n + ',' + word + ',示例甲、示例乙,第' + n + '次\n';
      writeFileSync(table, head + row(1, 'P') + row(2, '不合格') + row(3, 'P'));
      const unplaced = commandText(['audit', table, '--format', 'json', '--lang', 'zh']);
      const tab = await open();
      await give(tab, [table]);
      await tab.getByRole('link', { name: '表格各列' }).click();
      const column = (/** @type {string} */ name) => tab.locator('.placing-columns tr').filter({ has: tab.getByRole('rowheader', { name, exact: true }) });
      const status = tab.locator('.placing-status');
      await status.waitFor();
      assert.match(await status.innerText(), /没有读取的列3个，读不出的写法1种/);
      await accessible(tab, 'the columns');
      // By mouse: what is likely stands first, and is dragged onto the column.
      const likely = tab.locator('.choices.likely li').first();
      assert.match(await likely.innerText(), /sampling\.sampled_on/);
      await likely.dragTo(column('抽检时间'));
      await column('抽检时间').getByText('已指定').waitFor();
      assert.match(await column('抽检时间').innerText(), /抽样日期/);
      // By keyboard: the next column waits for words.
      await tab.keyboard.type('抽样人员');
      await tab.keyboard.press('Enter');
      await column('经手').getByText('已指定').waitFor();
      assert.match(await column('经手').innerText(), /抽样人员/);
      await column('附记').getByRole('button').click();
      await tab.getByRole('button', { name: '不读这一列' }).click();
      await column('附记').getByText('已指定').waitFor();
      assert.match(await tab.locator('tr.words').innerText(), /“P”\s*第3行、第5行/);
      await tab.getByLabel('“P”是什么').selectOption('合格');
      await tab.getByText('各列都已读取').waitFor();
      await tab.screenshot({ path: join(scratch, 'columns.png') });
      const mapping = await saved(tab, () => tab.getByRole('button', { name: '保存 columns.yaml' }).click());
      await tab.getByRole('button', { name: '按这些含义审查' }).click();
      await tab.waitForFunction(() => !document.querySelector('.working') && location.hash === '#overview');
      const json = await saved(tab, async () => {
        await tab.locator('.menu summary').click();
        await tab.getByRole('button', { name: '全部结果（json）' }).click();
      });
      const told = (/** @type {string} */ text) =>
        JSON.parse(text).cases.map((/** @type {any} */ it) => [it.case, it.outcome, it.counts, it.findings.map((/** @type {any} */ f) => [f.obligation, f.because])]);
      const here = told(readFileSync(json, 'utf8'));
      const out = commandText(['audit', table, '--columns', mapping, '--format', 'json', '--lang', 'zh']);
      assert.equal(here.length, 3);
      assert.deepEqual(here, told(out));
      assert.notDeepEqual(here, told(unplaced));
      await tab.close();
    },
  ],
  [
    'a table without a known header is told which row it is',
    async () => {
      const table = join(scratch, '登记.csv');
      writeFileSync(table, '登记\n号,某日,所依\n示例-1,2024-01-21,shanxi/2024-batch-1\n');
      const tab = await open();
      await give(tab, [table]);
      await tab.waitForFunction(() => location.hash === '#columns');
      await tab.getByRole('button', { name: '第2行' }).click();
      await tab.locator('.placing-columns').waitFor();
      for (const [name, fact] of [['号', 'case.number'], ['某日', 'sampling.sampled_on'], ['所依', 'case.ruleset']]) {
        await tab.getByRole('button', { name: new RegExp('^' + name + '：') }).click();
        await tab.getByLabel('查找事项').fill(fact);
        await tab.getByLabel('查找事项').press('Enter');
        const row = tab.locator('.placing-columns tr').filter({ has: tab.getByRole('rowheader', { name, exact: true }) });
        await row.getByText('已指定').waitFor();
      }
      await tab.getByText('各列都已读取').waitFor();
      await tab.getByRole('button', { name: '按这些含义审查' }).click();
      await tab.waitForFunction(() => location.hash === '#item/0');
      assert.match(await tab.locator('h1').first().innerText(), /示例-1/);
      await tab.close();
    },
  ],
  [
    'a hostile record does nothing',
    async () => {
      const hostile = '</script><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
      const record = {
        case: { number: hostile + '\u202e' + 'x'.repeat(10000), ruleset: 'shanxi/2024-batch-1' },
        respondent: { name: hostile },
        sampling: { samplers: [hostile], outcome: 'completed' },
      };
      const path = join(scratch, 'hostile.json');
      writeFileSync(path, JSON.stringify(record));
      const tab = await open();
      await give(tab, [path]);
      assert.equal(await tab.locator('main img, main script').count(), 0);
      const report = await saved(tab, async () => {
        await tab.locator('.menu summary').click();
        await tab.getByRole('button', { name: '网页报告' }).click();
      });
      await tab.close();
      const read = await open(report);
      await read.locator('.tile').first().click();
      assert.equal(await read.locator('main img, main script').count(), 0);
      assert.equal(await read.title(), '抽查审查');
      await read.close();
    },
  ],
  [
    'what is no project, or half of one, is refused in a sentence',
    async () => {
      const tab = await open();
      for (const [text, told] of [
        ['{"schema": "choucha.proj', /不是完整的审查项目文件/],
        ['{"schema": "choucha.project/9"}', /版本是 choucha\.project\/9/],
        ['[1, 2]', /不是审查项目文件/],
      ]) {
        const path = join(scratch, 'broken.choucha');
        writeFileSync(path, /** @type {string} */ (text));
        await tab.setInputFiles('#project', path);
        await tab.waitForFunction((/** @type {string} */ source) => new RegExp(source).test(document.body.innerText), /** @type {RegExp} */ (told).source);
      }
      await tab.close();
    },
  ],
];

let failed = 0;
const chosen = new RegExp(process.env.CHECKS ?? '');
for (const [name, check] of checks.filter(([name]) => chosen.test(name))) {
  const began = Date.now();
  wrong.length = 0;
  try {
    await check();
    assert.deepEqual(wrong, []);
    console.log('ok   ' + name + ' (' + (Date.now() - began) + ' ms)');
  } catch (error) {
    failed += 1;
    console.log('FAIL ' + name + '\n' + /** @type {Error} */ (error).stack, wrong);
  }
}
await browser.close();
process.exitCode = failed === 0 ? 0 : 1;
